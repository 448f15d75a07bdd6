import type { ComponentChildren } from 'preact';
import type { FieldProblems } from './field-problems.ts';

export interface FormFieldProps<Draft> {
  readonly draft: Draft;
  readonly change: (part: Partial<Draft>) => void;
  readonly problems: FieldProblems;
  readonly isNew: boolean;
}

/** One field of a form, and how its value reads where two versions are compared. */
export interface FormField<Draft> {
  readonly name: keyof Draft & string;
  readonly label: string;
  /** Takes the whole width of the form. */
  readonly wide?: boolean;
  readonly read: (draft: Draft) => string;
  readonly render: (props: FormFieldProps<Draft>) => ComponentChildren;
}
