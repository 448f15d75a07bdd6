/** Someone who is credited in at least one film. Dates are YYYY-MM-DD and absent unless known. */
export interface DemoPerson {
  id: string;
  name: string;
  alsoKnownAs: string[];
  birthDate?: string;
  deathDate?: string;
  biography?: string;
}
