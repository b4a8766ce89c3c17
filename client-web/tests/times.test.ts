import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { at_offset_of, day_of, wall_time } from "../public/times";

test("times are written as each language writes them", () => {
  const written = ["fi", "en", "ru"].map((language) => wall_time("2027-05-27T08:30:00+03:00", language));

  deepEqual(written, ["8.30", "08:30", "08:30"]);
});

test("midnight is the day's first hour", () => {
  deepEqual(["fi", "en", "ru"].map((language) => wall_time("2027-05-27T00:05:00+03:00", language)), ["0.05", "00:05", "00:05"]);
});

test("the day is the one on the wall", () => equal(day_of("2027-05-27T00:30:00+03:00"), "2027-05-27"));

test("an instant is told on the clock of another place", () => {
  equal(at_offset_of("2027-05-27T10:30:00+05:00", "2027-05-27T09:00:00+03:00"), "2027-05-27T11:00:00+05:00");
  equal(at_offset_of("2027-05-27T01:30:00-03:30", "2027-05-27T09:00:00+03:00"), "2027-05-27T02:30:00-03:30");
  equal(at_offset_of("2027-05-27T05:30:00Z", "2027-05-27T09:00:00+03:00"), "2027-05-27T06:00:00Z");
});
