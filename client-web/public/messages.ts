// The catalogue's messages in the page's language.
import catalogue from "catalogue";
import { say } from "./words";

export function say_message(key: string, number: number | string): string {
  const language = document.documentElement.lang;
  return say(language, catalogue[language]?.[key] ?? "", number);
}
