import { useEffect, useState } from "preact/hooks";
import { Link, useLocation } from "wouter-preact";
import { Problem } from "../api/problem.ts";
import { recall, signIn } from "../session/session.ts";

// Read and wiped before anything else: nobody finds it in the address bar or the history.
const fragment = location.hash.slice(1);
if (fragment && location.pathname.endsWith("/open"))
  history.replaceState(history.state, "", location.pathname + location.search);

/** A sign-in link: what stands behind `#` is a one-time code, or a shared key; it is posted and forgotten. */
let secret: string | null = fragment;

async function open(): Promise<void> {
  const given = secret;
  secret = null;
  if (!given) {
    if (await recall()) return;
    throw new Problem(401, "This link has no code.", null, [], null, null);
  }
  try {
    await signIn(given.startsWith("ak_") ? { key: given } : { code: given });
  } catch (problem) {
    // A second click in a browser that is signed in already just opens the page.
    if (!(problem instanceof Problem) || problem.status !== 401 || !(await recall())) throw problem;
  }
}

export function Open() {
  const [, navigate] = useLocation();
  const [problem, setProblem] = useState<Problem | null>(null);
  useEffect(() => {
    open().then(
      () => navigate("/", { replace: true }),
      (failure) => setProblem(failure instanceof Problem ? failure : Problem.away()),
    );
  }, [navigate]);
  return (
    <main class="gate" aria-busy={problem === null}>
      {problem && (
        <div class="gate-card">
          <h1>{problem.status === 401 ? "This link was used or has expired" : problem.title}</h1>
          <p>
            {problem.status === 401 ? (
              <>
                A sign-in link works once. <code>./run.sh link</code> prints a new one; a shared link comes from whoever
                shared it.
              </>
            ) : (
              problem.detail
            )}
          </p>
          <p>
            <Link href="/sign-in">Sign in with a key</Link>
          </p>
        </div>
      )}
    </main>
  );
}
