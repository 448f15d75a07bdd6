import type { InputHTMLAttributes } from 'preact';
import { Field, type FieldProps } from './field.tsx';

export interface TextFieldProps extends Omit<FieldProps, 'children'> {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly type?: 'text' | 'search' | 'password' | 'number' | 'date' | 'email' | 'url';
  readonly rows?: number | undefined;
  readonly required?: boolean | undefined;
  readonly disabled?: boolean | undefined;
  readonly autoComplete?: string | undefined;
}

/** A field for text of one line, or of several where `rows` are given. */
export const TextField = ({
  label,
  hint,
  problem,
  value,
  onChange,
  type = 'text',
  rows,
  required,
  disabled,
  autoComplete,
}: TextFieldProps) => (
  <Field label={label} hint={hint} problem={problem}>
    {(control) =>
      rows === undefined ? (
        <input
          {...control}
          class="input"
          {...attributesOf(type)}
          value={value}
          required={required}
          disabled={disabled}
          autocomplete={autoComplete}
          onInput={(event) => {
            onChange(event.currentTarget.value);
          }}
        />
      ) : (
        <textarea
          {...control}
          class="input"
          rows={rows}
          value={value}
          required={required}
          disabled={disabled}
          onInput={(event) => {
            onChange(event.currentTarget.value);
          }}
        />
      )
    }
  </Field>
);

// Preact's types tie the role to a type that is known when compiling; this one is chosen later.
const attributesOf = (type: string): InputHTMLAttributes =>
  (type === 'number' ? { type, step: 'any' } : { type }) as InputHTMLAttributes;
