// Takes the few messages that the scripts say themselves out of the server's catalogue (ICU MessageFormat), at build
// time, as plain data for public/words.ts: text in which # is the number, or one such text a plural category. Each of
// these messages has one number, so {name}, {name, number}, {name, plural, …}, # and quoting with apostrophes are all
// there is; anything else stops the build.
import { readFileSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";

export const spoken = ["seats.free", "seats.few", "seats.full_waitlist", "seats.full", "session.free", "session.full",
  "field.too_long", "field.too_short", "field.too_small", "field.too_large", "field.too_few_choices",
  "field.too_many_choices", "field.day_too_early", "field.day_too_late", "file.too_large"];
// Of the organisers' pages, which the public's scripts need not carry.
export const spoken_to_organisers = ["people.news", "people.changed_rows", "people.chosen_rows"];

export function catalogue(folder, keys = spoken) {
  const files = readdirSync(folder).filter((name) => name.endsWith(".json")).sort();
  return Object.fromEntries(files.map((name) => [name.slice(0, -5), chosen(join(folder, name), keys)]));
}

function chosen(path, keys) {
  const messages = JSON.parse(readFileSync(path, "utf8"));
  return Object.fromEntries(keys.map((key) => {
    if (!(key in messages)) throw new Error(`${path}: the message "${key}" is missing; the browser's scripts say it`);
    return [key, without_unused(basename(path, ".json"), compile(messages[key]))];
  }));
}

// People are counted in whole numbers: forms that no whole number takes (Russian "other") need not travel.
function without_unused(language, message) {
  if (typeof message === "string") return message;
  const rules = new Intl.PluralRules(language);
  const used = new Set(Array.from({ length: 1000 }, (_, number) => rules.select(number)));
  return Object.fromEntries(Object.entries(message).filter(([category]) => category.startsWith("=") || used.has(category)));
}

// "{n, plural, one {# seat} other {# seats}} left" → {one: "# seat left", other: "# seats left"}
export function compile(pattern) {
  const reader = { pattern, at: 0, name: undefined };
  const message = read_text(reader, false);
  if (reader.at < pattern.length) fail(reader, "a brace too many");
  return message;
}

// Text up to a closing brace or the end. A plural takes what stands before and after it into each of its forms.
function read_text(reader, is_counted) {
  let said = "";
  while (reader.at < reader.pattern.length && reader.pattern[reader.at] !== "}") {
    const piece = read_piece(reader, is_counted);
    if (typeof piece !== "string" && typeof said !== "string") fail(reader, "a second plural");
    said = typeof said === "string" ? each(piece, (text) => said + text) : each(said, (text) => text + piece);
  }
  return said;
}

function each(message, change) {
  if (typeof message === "string") return change(message);
  return Object.fromEntries(Object.entries(message).map(([category, text]) => [category, change(text)]));
}

function read_piece(reader, is_counted) {
  const here = reader.pattern[reader.at];
  if (here === "{") return read_argument(reader, is_counted);
  if (here === "'") return read_quoted(reader);
  if (here === "#" && !is_counted) fail(reader, "a # outside of a plural");
  reader.at++;
  return here;
}

// '' is an apostrophe; '{…' is literal up to the next apostrophe; any other apostrophe stands for itself.
function read_quoted(reader) {
  const [whole, quoted] = take(reader, /''|'([{}][^']*)'|'/y);
  return quoted ?? (whole === "''" ? "'" : whole);
}

function read_argument(reader, is_counted) {
  const [head, name, kind] = take(reader, /\{\s*(\w+)\s*(?:,\s*(\w+)\s*)?/y);
  if ((reader.name ??= name) !== name) fail(reader, `a second argument in ${head}`);
  if (kind === "plural" && !is_counted) return read_forms(reader);
  if (kind !== undefined && kind !== "number") fail(reader, `something unknown in ${head}`);
  take(reader, /\}/y);
  return "#";
}

function read_forms(reader) {
  const forms = {};
  for (take(reader, /,\s*/y); reader.pattern[reader.at] !== "}"; take(reader, /\s*/y)) {
    const [, category] = take(reader, /(=\d+|zero|one|two|few|many|other)\s*\{/y);
    forms[category] = read_text(reader, true);
    take(reader, /\}/y);
  }
  if (!forms.other) fail(reader, "a plural without other");
  reader.at++;
  return forms;
}

function take(reader, expression) {
  expression.lastIndex = reader.at;
  const found = expression.exec(reader.pattern);
  if (!found) fail(reader, "something unexpected");
  reader.at = expression.lastIndex;
  return found;
}

function fail(reader, what) {
  throw new Error(`message "${reader.pattern}": ${what} at ${reader.at}`);
}
