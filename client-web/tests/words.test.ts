import { deepEqual, equal, throws } from "node:assert/strict";
import { test } from "node:test";
import { compile } from "../messages.mjs";
import { say } from "../public/words";

const spoken = (language: string, pattern: string, number = 0) => say(language, compile(pattern), number);

test("plain words are said as they are", () => equal(spoken("en", "Full. It's over."), "Full. It's over."));

test("plurals follow the language", () => {
  const russian = "{free, plural, one {Осталось # место} few {Осталось # места} many {Осталось # мест} other {Осталось # места}}";

  deepEqual([1, 3, 5, 21].map((free) => spoken("ru", russian, free)),
    ["Осталось 1 место", "Осталось 3 места", "Осталось 5 мест", "Осталось 21 место"]);
});

test("what stands around a plural is part of each form", () => {
  deepEqual(compile("Only {free, plural, one {# seat} other {# seats}} left"), { one: "Only # seat left", other: "Only # seats left" });
});

test("an exact number comes before the plural", () => {
  const pattern = "{waiting, plural, =0 {nobody waits} one {one waits} other {# wait}}";

  deepEqual([0, 1, 2].map((waiting) => spoken("en", pattern, waiting)), ["nobody waits", "one waits", "2 wait"]);
});

test("numbers are written as the language writes them", () => equal(spoken("en", "{free, number} free", 1200), "1,200 free"));

test("apostrophes quote braces", () => equal(spoken("en", "it''s o'clock, '{free}' is {free}", 2), "it's o'clock, {free} is 2"));

test("what the browser's half cannot say stops the build", () => {
  throws(() => compile("{when, date, short}"));
  throws(() => compile("{free, plural, one {x}}"));
  throws(() => compile("{free"));
  throws(() => compile("x}"));
  throws(() => compile("{free} of {capacity}"));
  throws(() => compile("seat # 1"));
});
