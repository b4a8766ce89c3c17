// An event's versions grow by exactly one; what arrives is applied once, in order, or asked for again.

export type Verdict = "apply" | "known" | "gap";

// A pushed change holds exactly one version.
export function judge(seen: number, arriving: number): Verdict {
  if (arriving <= seen) return "known";
  return arriving === seen + 1 ? "apply" : "gap";
}
