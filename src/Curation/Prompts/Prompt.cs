namespace MedGenCluster.Curation.Prompts;

/// <summary>A text to generate videos from.</summary>
/// <param name="Id">Unique in its file; by default the first 12 hexadecimal digits of the text's SHA-256, so that it stays when lines move.</param>
/// <param name="Text">As written, in normalisation form C, without blanks around it; 1 to <see cref="PromptFile.MaxCharacters"/> characters.</param>
/// <param name="Category">As the file says; null where it says none.</param>
/// <param name="Line">Its line in the file, from 1.</param>
public sealed record Prompt(string Id, string Text, string? Category, int Line);

/// <summary>What a prompt file holds.</summary>
/// <param name="Prompts">In the order of the file; empty where there are errors.</param>
/// <param name="BlankLines">Lines passed over because nothing stands on them.</param>
/// <param name="CommentLines">Lines passed over because they begin with #.</param>
/// <param name="Duplicates">Lines that repeat the text of an earlier one; the earlier one counts.</param>
/// <param name="Errors">What keeps the file from being used, each a sentence that names the file and the line.</param>
public sealed record PromptList(
    IReadOnlyList<Prompt> Prompts, int BlankLines, int CommentLines, IReadOnlyList<DuplicatePrompt> Duplicates, IReadOnlyList<string> Errors);

public sealed record DuplicatePrompt(int Line, int FirstLine);
