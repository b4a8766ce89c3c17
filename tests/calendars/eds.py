"""GNOME's calendar server as a subscriber, in a session bus of its own:

    dbus-run-session -- python3 eds.py webcal|caldav ADDRESS

Subscribes, then reads a line from standard input before each look; prints after each what it holds, as a line of JSON:
{uid: [start, end, summary, status]}, times in UTC. An empty line is a look without refreshing.
"""

import datetime
import json
import sys
import time

import gi

gi.require_version("EDataServer", "1.2")
gi.require_version("ECal", "2.0")
gi.require_version("ICalGLib", "3.0")
from gi.repository import ECal, EDataServer, GLib, ICalGLib  # noqa: E402


def new_source(registry, backend: str, address: str):
    source = EDataServer.Source.new(None, None)
    source.set_display_name("kutsu")
    source.set_parent(f"{backend}-stub")
    source.get_extension("Calendar").set_backend_name(backend)
    source.get_extension("WebDAV Backend").set_uri(GLib.Uri.parse(address, GLib.UriFlags.NONE))
    source.get_extension("Security").set_secure(False)
    source.get_extension("Refresh").set_enabled(False)
    registry.commit_source_sync(source, None)
    return registry.ref_source(source.get_uid())


def instant(client, moment) -> str:
    """In UTC; by the zone that the server holds for the name the entry refers to."""
    time = moment.get_value()
    name = moment.get_tzid()
    if name:
        known, zone = client.get_timezone_sync(name, None)
        time.set_timezone(zone)
        time = time.convert_to_zone(ICalGLib.Timezone.get_utc_timezone())
    return datetime.datetime(time.get_year(), time.get_month(), time.get_day(), time.get_hour(), time.get_minute(), time.get_second(),
                             tzinfo=datetime.timezone.utc).isoformat()


def held(client) -> dict:
    _, components = client.get_object_list_as_comps_sync("#t", None)
    return {each.get_uid(): [instant(client, each.get_dtstart()), instant(client, each.get_dtend()),
                             each.get_summary().get_value(), each.get_status().value_nick] for each in components}


def main():
    backend, address = sys.argv[1:]
    registry = EDataServer.SourceRegistry.new_sync(None)
    source = None
    for _ in range(100):  # the registry has to hear of the new source
        source = source or new_source(registry, backend, address)
        if source:
            break
        time.sleep(0.1)
    client = ECal.Client.connect_sync(source, ECal.ClientSourceType.EVENTS, 30, None)
    for line in sys.stdin:
        if line.strip():
            client.refresh_sync(None)
        print(json.dumps(held(client)), flush=True)


main()
