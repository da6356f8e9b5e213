"""Bringing the history of another system in, as steps of the options: see first, then write."""

import asyncio
from pathlib import Path
import shutil
from typing import Any, Final

from homeassistant.components.file_upload import process_uploaded_file
from homeassistant.config_entries import ConfigEntryState, ConfigFlowResult, OptionsFlow
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import selector
import voluptuous as vol

from .coordinator import OpenStrapCoordinator
from .import_job import ImportBusy, ImportWish, async_import, forget_imports, new_folder
from .imports import ImportRefused
from .imports.report import ImportReport
from .store import StoreError, WearerStore
from .worker import WorkerClosed

CONF_FILE: Final = "file"
CONF_BASELINES: Final = "baselines"
ACCEPT: Final = ".zip,.csv,.gz,.db,.sqlite,.noopbak,.xml,.txt"
"""What a browser offers first; what a file really is its content says."""
UPLOAD_SCHEMA: Final = vol.Schema(
    {vol.Required(CONF_FILE): selector.FileSelector(selector.FileSelectorConfig(accept=ACCEPT))}
)
REPORT_SCHEMA: Final = vol.Schema(
    {vol.Required(CONF_BASELINES, default=False): selector.BooleanSelector()}
)
FORMATS: Final = {
    "openstrap_app": "OpenStrap app",
    "openstrap_server": "OpenStrap server",
    "whoop_export": "WHOOP export",
    "noop": "NOOP",
    "openwhoop": "openwhoop",
    "apple_health": "Apple Health",
}
"""What people call them: proper names, in every language."""
CALLS: Final = (1, 1, 2, 4, 8, 16, 32)
"""Waits between telling the page that a step has ended, seconds.

Home Assistant tells it once, and the page listens only from when it shows that something goes on:
a small file is read before that, and the page would wait for ever.
"""


class ImportFlow(OptionsFlow):
    """The steps about imports."""

    _import_folder: Path | None = None
    """Where the uploaded file lies, until it was imported or nobody wants that any more."""
    _import_task: asyncio.Task[None] | None = None
    _import_wait: asyncio.Task[None] | None = None
    _import_report: ImportReport | None = None
    _import_call: asyncio.Task[None] | None = None
    _import_error: str | None = None
    _import_writes = False

    async def async_step_import(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for a file."""
        self._page_came()
        if self.config_entry.state is not ConfigEntryState.LOADED:
            return self.async_abort(reason="import_not_ready")
        if self._wearer.worker.read_only:
            return self.async_abort(reason="import_read_only")
        errors = {} if self._import_error is None else {"base": self._import_error}
        self._import_error = None
        if user_input is not None:
            folder = new_folder(self.hass, self.config_entry.entry_id)
            try:
                await self.hass.async_add_executor_job(
                    _take_over, self.hass, user_input[CONF_FILE], folder
                )
            except ValueError, OSError:
                errors = {"base": "import_upload_lost"}
            else:
                self._import_folder = folder
                return await self.async_step_import_read()
        return self.async_show_form(
            step_id="import", data_schema=UPLOAD_SCHEMA, errors=errors, last_step=False
        )

    async def async_step_import_read(
        self, _user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Read the file without writing anything."""
        return self._progress("import_read", ImportWish(), "import_report")

    async def async_step_import_report(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Tell what the file holds, and ask whether all that is to be brought in."""
        self._page_came()
        if self._import_report is None:
            return await self.async_step_import()
        if user_input is not None:
            self._import_baselines: bool = user_input[CONF_BASELINES]
            return await self.async_step_import_write()
        on = await self._wearer.worker.async_run(_in_baselines)
        return self.async_show_form(
            step_id="import_report",
            data_schema=self.add_suggested_values_to_schema(REPORT_SCHEMA, {CONF_BASELINES: on}),
            description_placeholders=_found(self._import_report),
            last_step=True,
        )

    async def async_step_import_write(
        self, _user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Bring it in; that goes on when the window is closed."""
        wish = ImportWish(dry_run=False, baselines=self._import_baselines)
        return self._progress("import_write", wish, "import_done")

    async def async_step_import_done(
        self, _user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Tell what became of it."""
        self._page_came()
        if self._import_report is None:
            return await self.async_step_import()
        return self.async_abort(
            reason="import_done", description_placeholders=_became(self._import_report)
        )

    def _progress(self, step: str, wish: ImportWish, then: str) -> ConfigFlowResult:
        begins = self._import_task is None and self._import_folder is not None
        if begins and self._import_folder is not None:
            self._import_writes = not wish.dry_run
            # Not the flow's own: that is cancelled when its window is closed.
            self._import_task = self.config_entry.async_create_background_task(
                self.hass, self._async_import(self._import_folder, wish), "openstrap import"
            )
            self._import_wait = self.hass.async_create_task(
                _async_ended(self._import_task), "openstrap import form"
            )
        # Shown once at least: otherwise the next step would be given what was filled in here.
        if begins or (self._import_task is not None and not self._import_task.done()):
            return self.async_show_progress(
                step_id=step, progress_action=step, progress_task=self._import_wait
            )
        self._import_task = None
        self._page_came()
        self._import_call = self.config_entry.async_create_background_task(
            self.hass, self._async_call_page(), "openstrap import call"
        )
        return self.async_show_progress_done(
            next_step_id=then if self._import_error is None else "import"
        )

    async def _async_call_page(self) -> None:
        for wait in CALLS:
            await asyncio.sleep(wait)
            self.async_notify_flow_changed()

    @callback
    def _page_came(self) -> None:
        if self._import_call is not None:
            self._import_call.cancel()
            self._import_call = None

    async def _async_import(self, folder: Path, wish: ImportWish) -> None:
        try:
            self._import_report = await async_import(
                self._wearer, folder / CONF_FILE, wish, self.async_update_progress
            )
        except ImportRefused as err:
            self._import_error = f"import_{err.code}"
        except ImportBusy:
            self._import_error = "import_busy"
        except StoreError, WorkerClosed:
            self._import_error = "import_store_failed"
        finally:
            if not wish.dry_run or self._import_report is None:
                await self.hass.async_add_executor_job(forget_imports, folder)

    @property
    def _wearer(self) -> OpenStrapCoordinator:
        wearer: OpenStrapCoordinator = self.config_entry.runtime_data
        return wearer

    @callback
    def async_remove(self) -> None:
        """Leave nothing behind; what is being written is written to its end."""
        super().async_remove()
        self._page_came()
        if self._import_folder is None or self._import_writes:
            return
        if self._import_task is not None:
            self._import_task.cancel()
        self.hass.async_add_executor_job(forget_imports, self._import_folder)


async def _async_ended(task: asyncio.Task[None]) -> None:
    await asyncio.wait({task})


def _take_over(hass: HomeAssistant, file_id: str, folder: Path) -> None:
    """Bring an uploaded file to where it may stay while the user looks at what is in it."""
    with process_uploaded_file(hass, file_id) as path:
        folder.mkdir(mode=0o700, parents=True)
        shutil.move(path, folder / CONF_FILE)


def _in_baselines(store: WearerStore) -> bool:
    return store.imported_in_baselines


def _found(report: ImportReport) -> dict[str, str]:
    told = report.to_dict()
    return {
        "format": FORMATS[told["format"]],
        "first": (told["first"] or "?")[:10],
        "last": (told["last"] or "?")[:10],
        "new": str(told["days"]["new"]),
        "known": str(told["days"]["known"]),
        "measured": str(told["days"]["measured"]),
        "nights": str(told["nights"]),
        "naps": str(told["naps"]),
        "workouts": str(told["workouts"]),
        "journal": str(told["journal_entries"]),
        "frames": str(told["frames"]),
        "hours": str(round(told["sample_seconds"] / 3600)),
        "skipped": str(sum(told["skipped"].values())),
    }


def _became(report: ImportReport) -> dict[str, str]:
    written = report.to_dict()["written"]
    return {
        "days": str(written["days_new"]),
        "changed": str(written["days_changed"]),
        "frames": str(written["frames_new"]),
        "hours": str(round(written["sample_seconds_new"] / 3600)),
    }
