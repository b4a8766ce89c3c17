// Reads an .ics feed from standard input and prints the jCal that ical.js makes of it.
import ICAL from "ical.js";
import { readFileSync } from "node:fs";

process.stdout.write(JSON.stringify(ICAL.parse(readFileSync(0, "utf8"))));
