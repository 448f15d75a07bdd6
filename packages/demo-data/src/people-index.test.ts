import { createPeopleIndex } from './people-index.ts';

test('spellings that differ in accents are one person, spelled as first seen', () => {
  const people = createPeopleIndex([]);
  people.credit('Alfonso Cuarón');
  expect(people.credit('Alfonso Cuaron')).toEqual({
    personId: 'nm-alfonso-cuaron',
    name: 'Alfonso Cuarón',
  });
  expect(people.credited()).toHaveLength(1);
});

test('another name of the facts leads to the same person', () => {
  const people = createPeopleIndex([{ name: 'Lilly Wachowski', alsoKnownAs: ['Andy Wachowski'] }]);
  expect(people.credit('Andy Wachowski').personId).toBe('nm-lilly-wachowski');
});

test('a qualifier keeps namesakes apart and stays out of the name', () => {
  const people = createPeopleIndex([]);
  const [actor, director] = [
    people.credit('Steve McQueen'),
    people.credit('Steve McQueen#director'),
  ];
  expect(director).toEqual({ personId: 'nm-steve-mcqueen-director', name: 'Steve McQueen' });
  expect(actor.personId).not.toBe(director.personId);
});

test('facts about somebody who is not credited make no person', () => {
  expect(createPeopleIndex([{ name: 'Nobody' }]).credited()).toEqual([]);
});
