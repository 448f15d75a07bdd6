import { useEffect, useState } from 'preact/hooks';

/** The value once it has stayed the same for `quietMs`. */
export const useDebounced = <Value>(value: Value, quietMs: number): Value => {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => {
      setSettled(value);
    }, quietMs);
    return () => {
      clearTimeout(timer);
    };
  }, [value, quietMs]);
  return settled;
};
