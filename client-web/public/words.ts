// Says a message as messages.mjs compiled it: # is the number, its form is chosen by the browser's plural rules.

export type Message = string | Record<string, string>;

export function say(language: string, message: Message, number: number): string {
  const text =
    typeof message === "string"
      ? message
      : message[`=${number}`] ?? message[new Intl.PluralRules(language).select(number)] ?? message["other"]!;
  return text.replaceAll("#", number.toLocaleString(language));
}
