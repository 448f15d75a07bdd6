import { cleanTitle } from './title.ts';
import { readMovieRows } from './movie-rows.ts';

const rawTitles = readMovieRows().map((row) => (row as { Title: unknown }).Title);
const isAscii = (text: string): boolean => /^[\x20-\x7e]*$/.test(text);

test('every title of the file that is not plain ASCII comes out as it was meant', () => {
  const repaired = rawTitles
    .filter((title): title is string => typeof title === 'string' && !isAscii(title))
    .map(cleanTitle);
  expect(repaired).toEqual([
    'Astérix aux Jeux Olympiques',
    "De battre mon coeur s'est arrêté",
    'Les Bronzés 3: amis pour la vie',
    'Per qualche dollaro in più',
    "I Love You … Don't Touch Me!",
    'Alien³',
    'The Naked Gun 2½: The Smell of Fear',
    'Léon',
    'Ri¢hie Ri¢h',
    "Le Fabuleux destin d'Amélie Poulain",
    'Aimée & Jaguar',
    'La mala educación',
    'Caché',
    'Die Fälscher',
    'Déjà Vu',
    'Indigènes',
    'Obsluhoval jsem anglického krále',
    'La Môme',
    'Joyeux Noël',
    'Molière',
  ]);
});

test('plain titles of the file change only in order, spaces and bracketed notes', () => {
  const changed = rawTitles
    .filter((title): title is string => typeof title === 'string' && isAscii(title))
    .filter((title) => cleanTitle(title) !== title)
    .map((title) => [title, cleanTitle(title)]);
  expect(Object.fromEntries(changed)).toEqual({
    'Barbarians, The': 'The Barbarians',
    'Boot, Das': 'Das Boot',
    'Charge of the Light Brigade, The': 'The Charge of the Light Brigade',
    'Couloirs du temps: Les visiteurs 2, Les': 'Les Couloirs du temps: Les visiteurs 2',
    'Fantasia 2000 (IMAX)': 'Fantasia 2000',
    'Fantasia 2000 (Theatrical Release)': 'Fantasia 2000',
    'Halloween:  The Curse of Michael Myers': 'Halloween: The Curse of Michael Myers',
    'King Kong (1933)': 'King Kong',
    'Lolita (1962)': 'Lolita',
    'Metropolis (2002)': 'Metropolis',
    'Secret, The': 'The Secret',
    'Steal (Canadian Release)': 'Steal',
    'Story of Bonnie and Clyde, The': 'The Story of Bonnie and Clyde',
    'The Helix...  Loaded': 'The Helix... Loaded',
  });
});
