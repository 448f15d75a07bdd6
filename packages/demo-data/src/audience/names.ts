/** Given names for made-up users, from many languages. */
export const GIVEN_NAMES =
  'Ada Aiko Amara Anders Anika Bao Bruno Chiara Dalia Diego Elif Emil Esther Farid Freya Gita Hana Hugo Ines Ivo Jonas Kaya Kofi Lena Leif Luca Mara Mateo Mira Nadia Niko Noor Olga Omar Paloma Pavel Quinn Rania Rosa Samir Sanna Selma Tariq Tessa Tomas Uma Viktor Wanda Yara Zoe'.split(
    ' ',
  );

/** Family names for made-up users, from many languages. */
export const FAMILY_NAMES =
  'Abara Almeida Bakker Bergman Brandt Castillo Chen Costa Dahl Demir Eriksen Farkas Ferreira Fischer Garza Haddad Hansen Horvat Ito Jansen Kaplan Keller Kimura Kovacs Larsen Lindqvist Marino Mbeki Mendes Moreau Nakamura Novak Nguyen Okafor Olsen Park Petrov Ramos Rossi Sato Schmidt Silva Singh Sorensen Takeda Tanaka Vargas Weber Yilmaz Zimmer'.split(
    ' ',
  );
