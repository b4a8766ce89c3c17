// Says a message as messages.mjs compiled it: # is the number (or the word), its form is chosen by the browser's plural rules.

export type Message = string | Record<string, string>;

export function say(language: string, message: Message, said: number | string): string {
  if (typeof message === "string") return message.replaceAll("#", said.toLocaleString(language));
  const number = Number(said);
  const text = message[`=${number}`] ?? message[new Intl.PluralRules(language).select(number)] ?? message["other"]!;
  return text.replaceAll("#", said.toLocaleString(language));
}
