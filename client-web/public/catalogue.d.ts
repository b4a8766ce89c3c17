// Made by the build from server/messages (see messages.mjs).
declare module "catalogue" {
  const messages: Record<string, Record<string, import("./words").Message>>;
  export default messages;
}

declare module "organisers" {
  const messages: Record<string, Record<string, import("./words").Message>>;
  export default messages;
}
