/** Questions to the server; what it complains of becomes an error with the problems. */

export interface Problem {
  file: string;
  line: number;
  where: string;
  message: string;
}

export class Refused extends Error {
  constructor(
    readonly problems: Problem[],
    readonly status: number,
  ) {
    super(problems.map((p) => [p.where, p.message].filter(Boolean).join(" ")).join("\n") || `answer ${status}`);
  }
}

export async function ask<T>(path: string, query: Record<string, string | number> = {}): Promise<T> {
  const words = new URLSearchParams(Object.entries(query).map(([k, v]) => [k, String(v)]));
  return told<T>(await fetch(`/api/${path}${words.size ? `?${words}` : ""}`));
}

/** A file that the server makes. */
export async function file(path: string, query: Record<string, string | number>): Promise<Blob> {
  const words = new URLSearchParams(Object.entries(query).map(([k, v]) => [k, String(v)]));
  return (await good(await fetch(`/api/${path}?${words}`))).blob();
}

export async function send<T>(method: "POST" | "PUT" | "DELETE", path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  const headers = { "Content-Type": "application/json" };
  const options: RequestInit = { method, headers, signal: signal ?? null };
  if (body !== undefined) options.body = JSON.stringify(body);
  return told<T>(await fetch(`/api/${path}`, options));
}

async function told<T>(answer: Response): Promise<T> {
  return (await (await good(answer)).json()) as T;
}

/** The answer, unless it is a refusal. */
async function good(answer: Response): Promise<Response> {
  if (answer.ok) return answer;
  let problems: Problem[] = [];
  try {
    problems = ((await answer.json()) as { problems: Problem[] }).problems;
  } catch {
    // not an answer of kalkan's
  }
  throw new Refused(problems, answer.status);
}
