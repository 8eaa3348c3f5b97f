// Synthetic files in the layouts that Project Gutenberg has used, made up for these tests: the wording of the markers
// is theirs, what stands between them is not. Every book is BOOK.
export const BOOK_FIRST_LINE = "THE LAMP ON THE QUAY";
export const BOOK_LAST_LINE = "and the lamp was never lit again.";

export const BOOK = `${BOOK_FIRST_LINE}

by A. Writer


CHAPTER I

${"The keeper of the lamp came down the quay every evening with his can of oil,\nand nobody had ever seen him late. Children set their games by him.\n\n".repeat(40)}On the last evening he did not come, the oil stayed where it was,
${BOOK_LAST_LINE}
`;

const LICENCE_TEXT = `Section 1.  General terms of use of these works, which everybody
who reads or uses any part of them is taken to have agreed to.

1.A.  By reading any part of this work you indicate that you have read,
understood, agreed to and accepted all the terms.

`.repeat(60);

const SMALL_PRINT = `Why is this "Small Print!" statement here?  You know: lawyers.
They tell us you might sue us if there is something wrong with your copy.

`.repeat(40);

export const eras: { name: string; file: string }[] = [
  {
    name: "1991, small print in front, a bare last line",
    file: `**Welcome To The World of Free Plain Vanilla Electronic Texts**

**The Project Gutenberg Etext of The Lamp on the Quay**
*****This file should be named lamp10.txt or lamp10.zip*****

We need your donations more than ever!

***START**THE SMALL PRINT!**FOR PUBLIC DOMAIN ETEXTS**START***
${SMALL_PRINT}
*END*THE SMALL PRINT! FOR PUBLIC DOMAIN ETEXTS*Ver.04.29.93*END*



This etext was prepared by A. Volunteer, someone@example.org,
from a copy that a library had thrown away, and proofread
by two other volunteers.


${BOOK}



End of this Project Gutenberg Etext of The Lamp on the Quay
`,
  },
  {
    name: "1996, small print ended without an asterisk, possessive last line",
    file: `Project Gutenberg's Etext of The Lamp on the Quay, by A. Writer

Copyright laws are changing all over the world, be sure to check.

***START**THE SMALL PRINT!**FOR PUBLIC DOMAIN ETEXTS**START***
${SMALL_PRINT}
*END THE SMALL PRINT! FOR PUBLIC DOMAIN ETEXTS*Ver.04.29.93*END*

Scanned and proofed by A. Volunteer

${BOOK}

End of Project Gutenberg's Etext of The Lamp on the Quay, by A. Writer
`,
  },
  {
    name: "a file without a start marker, of the kind before 1993",
    file: `The Project Gutenberg Etext of The Lamp on the Quay

Title: The Lamp on the Quay

${BOOK}
`,
  },
  {
    name: "2002, start marker with a comma, small print at the end",
    file: `The Project Gutenberg EBook of The Lamp on the Quay, by A. Writer
(#2 in our series by A. Writer)

Title: The Lamp on the Quay

*** START OF THE PROJECT GUTENBERG EBOOK, THE LAMP ON THE QUAY ***



This eBook was produced by A. Volunteer.


${BOOK}



*** END OF THE PROJECT GUTENBERG EBOOK, THE LAMP ON THE QUAY ***

This file should be named lamp12.txt or lamp12.zip

***START**THE SMALL PRINT!**FOR PUBLIC DOMAIN EBOOKS**START***
${SMALL_PRINT}
*END THE SMALL PRINT! FOR PUBLIC DOMAIN EBOOKS*Ver.02/11/02*END*
`,
  },
  {
    name: "2003, stars without a space, a title that wraps",
    file: `The Project Gutenberg eBook, The Lamp on the Quay, by A. Writer

Release Date: 2003

***START OF THE PROJECT GUTENBERG EBOOK THE LAMP ON THE QUAY, OR WHAT THE
CHILDREN OF THE HARBOUR SAW***


E-text prepared by A. Volunteer, B. Volunteer, and the Project Gutenberg
Online Distributed Proofreading Team



Note: Project Gutenberg also has an HTML version of this
      file which includes the original illustrations.
      See https://example.org/files/99999/


${BOOK}


***END OF THE PROJECT GUTENBERG EBOOK THE LAMP ON THE QUAY***

******* This file should be named 99999.txt or 99999.zip *******

*** START: FULL LICENSE ***
${LICENCE_TEXT}`,
  },
  {
    name: "2008, THIS, a last line before the marker, a full licence",
    file: `Project Gutenberg's The Lamp on the Quay, by A. Writer

This eBook is for the use of anyone anywhere at no cost

Character set encoding: UTF-8

*** START OF THIS PROJECT GUTENBERG EBOOK THE LAMP ON THE QUAY ***




Produced by A. Volunteer, B. Volunteer and the Online
Distributed Proofreading Team at https://www.pgdp.net (This
file was produced from images generously made available
by The Internet Archive)





Transcriber's Note:

  Spelling and punctuation have been kept as printed.

  Two errors were mended.



${BOOK}





End of the Project Gutenberg EBook of The Lamp on the Quay, by
A. Writer

*** END OF THIS PROJECT GUTENBERG EBOOK THE LAMP ON THE QUAY ***

***** This file should be named 99999-0.txt or 99999-0.zip *****

*** START: FULL LICENSE ***

${LICENCE_TEXT}`,
  },
  {
    name: "2024, credits in the header, corrections at the end",
    file: `The Project Gutenberg eBook of The Lamp on the Quay

Title: The Lamp on the Quay

Credits: A. Volunteer

*** START OF THE PROJECT GUTENBERG EBOOK THE LAMP ON THE QUAY ***


${BOOK}



Transcriber's Notes


page 12, ‘quey’ changed to ‘quay’


page 31, ‘lmap’ changed to ‘lamp’


*** END OF THE PROJECT GUTENBERG EBOOK THE LAMP ON THE QUAY ***
Updated editions will replace the previous one—the old editions will
be renamed.

START: FULL LICENSE

THE FULL PROJECT GUTENBERG™ LICENSE

${LICENCE_TEXT}`,
  },
  {
    name: "a copyrighted book, markers in small letters with wide gaps",
    file: `The Project Gutenberg EBook of The Lamp on the Quay

***  start  of the copyrighted project  gutenberg ebook the lamp on the quay ***

${BOOK}

 ***  end  of the copyrighted project  gutenberg ebook the lamp on the quay ***
${LICENCE_TEXT}`,
  },
  {
    name: "German",
    file: `The Project Gutenberg EBook of Die Lampe

*** START OF THIS PROJECT GUTENBERG EBOOK DIE LAMPE ***

Dieses Buch wurde erstellt von A. Freiwilliger

Anmerkungen zur Transkription:

Die Schreibweise der Vorlage wurde beibehalten.


${BOOK}

Ende dieses Projekt Gutenberg Etextes "Die Lampe", von A. Writer
`,
  },
  {
    name: "French",
    file: `The Project Gutenberg EBook of La lampe du quai

*** START OF THIS PROJECT GUTENBERG EBOOK LA LAMPE DU QUAI ***

Produit par A. Bénévole

Note du transcripteur: l'orthographe a été conservée.

${BOOK}

Fin de Project Gutenberg's La lampe du quai, par A. Writer
`,
  },
  {
    name: "Dutch",
    file: `*** START OF THIS PROJECT GUTENBERG EBOOK DE LAMP ***

${BOOK}

Einde van het Project Gutenberg EBook van De lamp
`,
  },
];
