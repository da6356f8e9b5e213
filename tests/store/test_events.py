"""Events of the strap."""

from custom_components.openstrap.store import StrapEvent, WearerStore, events

from .material import GEN4, START, event, put, r24


def test_a_replayed_event_is_one(store: WearerStore) -> None:
    """The sequence number of the packet is no part of it; body and time are."""
    put(
        store, [event(5, 9, sequence=1), event(5, 9, sequence=7), event(5, 9, b"\1\2"), event(6, 9)]
    )
    put(store, [event(5, 9, sequence=9)])
    assert store.events(0, 2**32) == [
        StrapEvent(START + 5, 0, 9, b""),
        StrapEvent(START + 5, 0, 9, b"\1\2"),
        StrapEvent(START + 6, 0, 9, b""),
    ]
    assert store.stats()["frames"] == 5


def test_a_span_of_events(store: WearerStore) -> None:
    """Excludes its end, to the fraction of a second."""
    half = event(5, 9)[:8] + (16384).to_bytes(2, "little") + event(5, 9)[10:]
    put(store, [event(5, 9), half, event(6, 9)])
    assert [found.ts - START for found in store.events(START + 5, START + 6)] == [5.0, 5.5]
    assert [found.ts - START for found in store.events(START + 5.2, START + 6.5)] == [5.5, 6.0]
    assert [found.ts - START for found in store.events(START + 5.2, START + 5.5)] == []


def test_state_follows_the_newest_event_not_the_last_to_arrive(store: WearerStore) -> None:
    """The strap replays its log whenever it connects."""
    put(store, [event(50, 10)])
    put(store, [event(20, 9), event(90, 3)])
    assert store.newest_event((9, 10)) == StrapEvent(START + 50, 0, 10, b"")
    assert store.newest_event((7, 8)) is None


def test_only_events_are_events(store: WearerStore) -> None:
    """Other frames, and broken ones, give none."""
    found = events.decode_events([r24(1), b"\x30\x00", event(3)], GEN4)
    assert found == [StrapEvent(START + 3, 0, 9, b"")]


def test_deleting_goes_by_slices(store: WearerStore) -> None:
    """And tells whether there is more."""
    put(store, [event(at, 14) for at in range(10)])
    assert events.delete_before(store._conn, START + 5, 3)
    assert not events.delete_before(store._conn, START + 5, 3)
    assert [found.epoch - START for found in store.events(0, 2**32)] == [5, 6, 7, 8, 9]
