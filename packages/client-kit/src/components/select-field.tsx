import { Field, type FieldProps } from './field.tsx';

export interface SelectFieldProps<Value extends string> extends Omit<FieldProps, 'children'> {
  readonly value: Value;
  readonly options: readonly (readonly [value: Value, label: string])[];
  readonly onChange: (value: Value) => void;
  readonly disabled?: boolean | undefined;
}

/** A field for one of a few values. */
export const SelectField = <Value extends string>({
  label,
  hint,
  problem,
  value,
  options,
  onChange,
  disabled,
}: SelectFieldProps<Value>) => (
  <Field label={label} hint={hint} problem={problem}>
    {(control) => (
      <select
        {...control}
        class="input"
        value={value}
        disabled={disabled}
        onChange={(event) => {
          const chosen = options[event.currentTarget.selectedIndex];
          if (chosen) onChange(chosen[0]);
        }}
      >
        {options.map(([option, text]) => (
          <option key={option} value={option}>
            {text}
          </option>
        ))}
      </select>
    )}
  </Field>
);
