import type { Seats } from "./wire";

// Which message of the catalogue says how full the event is; the server's page chooses by the same rule.
export function seats_message({ free, capacity, waitlisted }: Seats): string {
  if (free === null || capacity === null) return "";
  if (free > 0) return free <= 5 || free * 10 <= capacity ? "seats.few" : "seats.free";
  return waitlisted > 0 ? "seats.full_waitlist" : "seats.full";
}
