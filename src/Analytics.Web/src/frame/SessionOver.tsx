import { client } from "../api/client.ts";
import { isSessionOver } from "../api/fetch.ts";
import { Dialog } from "../parts/Dialog.tsx";
import { KeyForm } from "./SignIn.tsx";

/** The key was revoked or has expired: one dialog, then back to the same address. */
export function SessionOver() {
  const done = () => {
    isSessionOver.value = false;
    void client.invalidateQueries();
  };
  return (
    <Dialog title="Your session is over" onClose={() => location.assign(new URL("sign-in", document.baseURI))}>
      <p>
        The key behind it was revoked, has expired, or twelve hours have passed. Sign in again to go on where you are.
      </p>
      <KeyForm onDone={done} />
    </Dialog>
  );
}
