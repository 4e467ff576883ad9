import { useState } from "preact/hooks";
import { useLocation } from "wouter-preact";
import { base } from "../address/place.ts";
import { root } from "../api/call.ts";
import { Problem } from "../api/problem.ts";
import { signIn } from "../session/session.ts";

const refused: Record<number, string> = {
  401: "The service does not know this key, or it has expired or was revoked.",
  403: "The root key manages workspaces and sees no data. Sign in with a workspace's key or a user's key.",
};

/** Where to go after signing in: back to where the reader was. */
export function useBack(): () => void {
  const [, navigate] = useLocation();
  return () => {
    const back = (history.state as { back?: string } | null)?.back ?? "/";
    navigate(back.startsWith(base) ? back.slice(base.length) || "/" : "/", { replace: true });
  };
}

/** The key goes to the service and nowhere else; what comes back is a cookie that no script can read. */
export function KeyForm({ onDone }: { onDone: () => void }) {
  const [fault, setFault] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const field = (event.currentTarget as HTMLFormElement).elements.namedItem("key") as HTMLInputElement;
    setBusy(true);
    try {
      await signIn({ key: field.value.trim() });
      field.value = "";
      onDone();
    } catch (failure) {
      setFault(failure instanceof Problem ? (refused[failure.status] ?? failure.message) : String(failure));
      field.focus();
    } finally {
      setBusy(false);
    }
  };
  return (
    <form class="form" onSubmit={submit} autocomplete="off">
      <label>
        Key
        <input
          name="key"
          type="password"
          required
          autocomplete="off"
          spellcheck={false}
          placeholder="ak_…"
          aria-invalid={fault !== null}
          aria-describedby={fault ? "key-fault" : undefined}
          autofocus
        />
      </label>
      {fault && (
        <p id="key-fault" class="fault" role="alert">
          {fault}
        </p>
      )}
      <button type="submit" class="primary" disabled={isBusy}>
        Sign in
      </button>
    </form>
  );
}

export function SignIn() {
  const back = useBack();
  return (
    <main class="gate">
      <div class="gate-card">
        <h1>Analytics</h1>
        <p class="muted">Sign in with a workspace's key or a user's key.</p>
        <KeyForm onDone={back} />
        <p class="muted">
          <a href={new URL("swagger", root).href}>API documentation</a>
        </p>
      </div>
    </main>
  );
}
