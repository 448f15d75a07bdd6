import { ProblemNotice, useSessionState } from '@marquee/client-kit';
import { useEffect, useState } from 'preact/hooks';
import type { Reaction } from '../generated/graphql.ts';
import { useSignIn } from '../sign-in.tsx';
import type { Reactions } from './reaction.ts';
import { ThumbIcon } from './thumb-icon.tsx';
import { useReaction } from './use-reaction.ts';

export interface ReactionButtonsProps {
  readonly movie: Reactions & { readonly id: string; readonly title: string };
}

export const ReactionButtons = ({ movie }: ReactionButtonsProps) => {
  const session = useSessionState();
  const signIn = useSignIn();
  const { shown, problems, react, forgetProblems } = useReaction(movie.id, movie);
  const [afterSignIn, setAfterSignIn] = useState<Reaction>();

  useEffect(() => {
    // The film as the new viewer sees it is here: now their first reaction can be told apart
    // from one that they had before.
    if (afterSignIn === undefined || session.status !== 'signed-in') return;
    setAfterSignIn(undefined);
    react(afterSignIn);
  }, [movie]);

  const press = (reaction: Reaction): void => {
    if (session.status === 'signed-in') {
      react(shown.viewerReaction === reaction ? null : reaction);
      return;
    }
    signIn({
      reason: `Sign in to say what you think of “${movie.title}”.`,
      then: () => {
        setAfterSignIn(reaction);
      },
    });
  };

  return (
    <div class="stack">
      <div class="row" role="group" aria-label="Your reaction">
        <ReactionButton reaction="LIKE" shown={shown} count={shown.likeCount} onPress={press} />
        <ReactionButton
          reaction="DISLIKE"
          shown={shown}
          count={shown.dislikeCount}
          onPress={press}
        />
      </div>
      <ProblemNotice problems={problems} onDismiss={forgetProblems} />
    </div>
  );
};

interface ReactionButtonProps {
  readonly reaction: Reaction;
  readonly shown: Reactions;
  readonly count: number | null;
  readonly onPress: (reaction: Reaction) => void;
}

const ReactionButton = ({ reaction, shown, count, onPress }: ReactionButtonProps) => (
  <button
    type="button"
    class="button reaction"
    aria-pressed={shown.viewerReaction === reaction}
    onClick={() => {
      onPress(reaction);
    }}
  >
    <ThumbIcon down={reaction === 'DISLIKE'} />
    {reaction === 'LIKE' ? 'Like' : 'Dislike'}
    <span class="reaction__count">{count === null ? '?' : count.toLocaleString('en')}</span>
  </button>
);
