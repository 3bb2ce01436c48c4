// Goes on in the same process while the recorder of the file before logs that it can't deliver.
test("another file's recorder logs no line here", () => new Promise((resolve) => setTimeout(resolve, 1_500)));
