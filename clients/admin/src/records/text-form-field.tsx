import { SelectField, TextField } from '@marquee/client-kit';
import type { FormField } from './form-field.ts';

/** The fields of a draft that are edited as text. */
type TextName<Draft> = {
  [Name in keyof Draft]: Draft[Name] extends string ? Name : never;
}[keyof Draft] &
  string;

interface TextFormFieldOptions {
  readonly hint?: string;
  readonly type?: 'text' | 'number' | 'date' | 'email' | 'url' | 'password';
  readonly rows?: number;
  readonly required?: boolean;
  /** Cannot be changed once the record is there. */
  readonly permanent?: boolean;
}

const textOf = <Draft,>(draft: Draft, name: TextName<Draft>): string => draft[name] as string;

const partOf = <Draft,>(name: TextName<Draft>, value: string): Partial<Draft> =>
  ({ [name]: value }) as Partial<Draft>;

export const textFormField = <Draft,>(
  name: TextName<Draft>,
  label: string,
  { hint, type = 'text', rows, required, permanent = false }: TextFormFieldOptions = {},
): FormField<Draft> => ({
  name,
  label,
  wide: rows !== undefined,
  read: (draft) => {
    const text = textOf(draft, name);
    return type === 'password' ? text.replaceAll(/./gsu, '•') : text;
  },
  render: ({ draft, change, problems, isNew }) => (
    <TextField
      label={label}
      hint={hint}
      type={type}
      rows={rows}
      required={required}
      disabled={permanent && !isNew}
      autoComplete={type === 'password' ? 'new-password' : 'off'}
      problem={problems.under(name)}
      value={textOf(draft, name)}
      onChange={(value) => {
        change(partOf(name, value));
      }}
    />
  ),
});

export const choiceFormField = <Draft,>(
  name: TextName<Draft>,
  label: string,
  options: readonly (readonly [value: string, label: string])[],
): FormField<Draft> => ({
  name,
  label,
  read: (draft) =>
    options.find(([value]) => value === textOf(draft, name))?.[1] ?? textOf(draft, name),
  render: ({ draft, change, problems }) => (
    <SelectField
      label={label}
      options={options}
      problem={problems.under(name)}
      value={textOf(draft, name)}
      onChange={(value) => {
        change(partOf(name, value));
      }}
    />
  ),
});
