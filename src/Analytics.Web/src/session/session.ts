import { signal } from "@preact/signals";
import { client } from "../api/client.ts";
import { ask, isSessionOver, tell } from "../api/fetch.ts";
import { Problem } from "../api/problem.ts";
import { hasSignedIn } from "../frame/kept.ts";

/** A workspace that the caller may look into. */
export interface Workspace {
  id: string;
  slug: string;
  name: string;
  timezone: string;
  currency: string;
  retention_days: number;
  scopes: string[];
}

/** Who is signed in (`GET /api/session`). */
export interface Session {
  kind: "workspace" | "user";
  name: string;
  workspaces: Workspace[];
  /** A portal key's customer. */
  customer: { id: string; external_id: string | null; name: string | null } | null;
  expires_at: string | null;
}

/** Undefined until the service has said it; null: nobody is signed in. */
export const session = signal<Session | null | undefined>(undefined);

const address = "api/session";

/** Asks who is signed in, and renews the cookie on the way. */
export async function recall(): Promise<Session | null> {
  if (!hasSignedIn.get()) {
    session.value = null;
    return null;
  }
  try {
    session.value = await ask<Session>({ route: `/${address}`, address });
    isSessionOver.value = false;
  } catch (problem) {
    if (!(problem instanceof Problem) || ![401, 403].includes(problem.status)) throw problem;
    isSessionOver.value = false;
    hasSignedIn.set(false);
    session.value = null;
  }
  return session.value ?? null;
}

/** Signs in with a key, or with the code of a link; the page keeps neither. */
export async function signIn(by: { key: string } | { code: string }): Promise<Session> {
  const signedIn = await tell<Session>("POST", address, by);
  // What another caller has seen is not this one's.
  client.clear();
  isSessionOver.value = false;
  hasSignedIn.set(true);
  session.value = signedIn;
  return signedIn;
}

export async function signOut(): Promise<void> {
  await tell("DELETE", address);
  client.clear();
  hasSignedIn.set(false);
  session.value = null;
}

/** Whether the caller has a scope in a workspace. A key with `admin` alone manages and reads nothing. */
export function may(workspace: Workspace, scope: string): boolean {
  return workspace.scopes.includes(scope);
}
