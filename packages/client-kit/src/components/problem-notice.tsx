import type { GraphProblem } from '../graph-problem.ts';
import { allInPlainWords } from '../plain-words.ts';
import { Notice, type NoticeProps } from './notice.tsx';

export interface ProblemNoticeProps {
  readonly problems: readonly GraphProblem[];
  /** Whether there is data all the same, with holes in it. */
  readonly partial?: boolean;
  readonly action?: NoticeProps['action'];
  readonly onDismiss?: NoticeProps['onDismiss'];
}

/** The problems of an answer in plain words; nothing where there are none. */
export const ProblemNotice = ({
  problems,
  partial = false,
  action,
  onDismiss,
}: ProblemNoticeProps) =>
  problems.length === 0 ? null : (
    <Notice tone={partial ? 'warning' : 'danger'} action={action} onDismiss={onDismiss}>
      {partial && <strong>Something is missing here. </strong>}
      {allInPlainWords(problems).join(' ')}
    </Notice>
  );
