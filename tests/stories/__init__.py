"""What a person does with the studio, from the first click to the file: the whole program, from outside."""
