import { BookOpen } from "lucide-react";
import { Button } from "../design/Button";
import type { Failure } from "../gen/Failure";
import { QUESTIONS } from "../gen/questions";
import { askGuide, guideOf } from "../state/askGuide";
import { useApp, useClient } from "../state/context";

/** Leads to what the manual says of a failure, where what is wrong has a name. */
export function Meaning({ failure }: { readonly failure: Failure }) {
  const question = failure.finding ? QUESTIONS[failure.finding] : undefined;
  return question === undefined ? null : <ReadMore question={question}>What this means</ReadMore>;
}

/** Puts a question to the Guide, in a conversation of its own. */
export function ReadMore({ question, children }: { readonly question: string; readonly children: string }) {
  const client = useClient();
  const hasGuide = useApp((app) => guideOf(app.connections) !== undefined);
  if (!hasGuide) return null;
  return (
    <Button weight="quiet" onPress={() => void askGuide(client, question)}>
      <BookOpen size={14} aria-hidden="true" />
      {children}
    </Button>
  );
}
