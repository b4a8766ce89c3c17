import { equal } from "node:assert/strict";
import { test } from "node:test";
import { seats_message } from "../public/seats_message";

const seats = (capacity: number | null, free: number | null, waitlisted = 0) => ({ capacity, free, waitlisted, confirmed: 0 });

test("many seats are just free", () => equal(seats_message(seats(60, 20)), "seats.free"));
test("five seats or a tenth are few", () => {
  equal(seats_message(seats(20, 5)), "seats.few");
  equal(seats_message(seats(60, 6)), "seats.few");
  equal(seats_message(seats(60, 7)), "seats.free");
});
test("no seat and a queue", () => equal(seats_message(seats(60, 0, 3)), "seats.full_waitlist"));
test("no seat", () => equal(seats_message(seats(60, 0)), "seats.full"));
test("without a limit nothing is said", () => equal(seats_message(seats(null, null)), ""));
