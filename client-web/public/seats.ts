// How full the event is, in the words of the catalogue.
import { say_message } from "./messages";
import { seats_message } from "./seats_message";
import type { Seats } from "./wire";

// Answers whether the page now says another thing altogether ("full" and no longer "free"): then more than the number
// has changed.
export function show_seats(seats: Seats): boolean {
  const place = document.querySelector<HTMLElement>("[data-live=seats]");
  const key = seats_message(seats);
  if (!place || !key) return false;
  const before = seats_message({ ...seats, free: Number(place.dataset["free"]) });
  place.dataset["free"] = String(seats.free);
  place.dataset["waitlisted"] = String(seats.waitlisted);
  const words = say_message(key, seats.free || seats.waitlisted);
  // The card's sign repeats how few are left.
  for (const one of [place, document.querySelector(".card .state-few span")]) if (one) one.textContent = words;
  return key !== before;
}
