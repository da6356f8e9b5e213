"""What a day and a workout cost the body: heart-rate zones, load, strain and energy."""
