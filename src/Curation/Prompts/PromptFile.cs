using System.Security.Cryptography;
using System.Text;
using MedGenCluster.Curation.Prompts.Unicode;

namespace MedGenCluster.Curation.Prompts;

/// <summary>Reads prompt files: one prompt a line, or JSON lines <c>{"prompt": "...", "category": "...", "id": "..."}</c>, which a file is whose first prompt
/// begins with a brace. UTF-8 with or without a byte order mark, lines end with LF or CRLF. Languages and markup are the model's business and stay as they are.</summary>
public static class PromptFile
{
    /// <summary>Characters of a prompt at the most: several times what any text encoder looks at.</summary>
    public const int MaxCharacters = 4000;

    /// <summary>Prompts of a file at the most.</summary>
    public const int MaxPrompts = 100_000;

    /// <summary>Bytes of a file at the most.</summary>
    public const int MaxBytes = 64 << 20;

    private const int MaxErrors = 20;
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static PromptList Read(string path)
    {
        if (new FileInfo(path) is { Exists: true, Length: > MaxBytes } large)
        {
            return Refused($"{path} has {large.Length:N0} bytes; a prompt file has at most {MaxBytes >> 20} MB. Split it.");
        }

        return Parse(File.ReadAllBytes(path), path);
    }

    /// <param name="bytes">The file.</param>
    /// <param name="name">What errors call it.</param>
    public static PromptList Parse(ReadOnlySpan<byte> bytes, string name)
    {
        if (bytes.Length > MaxBytes)
        {
            return Refused($"{name} has {bytes.Length:N0} bytes; a prompt file has at most {MaxBytes >> 20} MB. Split it.");
        }

        if (bytes is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
        {
            return Refused($"{name}, line 1: the file is UTF-16; save it as UTF-8.");
        }

        if (bytes is [0xEF, 0xBB, 0xBF, ..])
        {
            bytes = bytes[3..];
        }

        var reading = new Reading(name);
        for (var line = 1; !bytes.IsEmpty && reading.Errors.Count < MaxErrors; line++)
        {
            var end = bytes.IndexOf((byte)'\n');
            reading.Add(end < 0 ? bytes : bytes[..end], line);
            bytes = end < 0 ? [] : bytes[(end + 1)..];
        }

        return reading.End();
    }

    /// <summary>The id of a prompt that has none.</summary>
    public static string IdOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..12];

    private static PromptList Refused(string error) => new([], 0, 0, [], [error]);

    private sealed class Reading(string name)
    {
        private readonly List<Prompt> _prompts = [];
        private readonly List<DuplicatePrompt> _duplicates = [];
        private readonly Dictionary<string, int> _texts = new(StringComparer.Ordinal);
        private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);
        private int _blank;
        private int _comments;
        private bool? _json;

        public List<string> Errors { get; } = [];

        public void Add(ReadOnlySpan<byte> bytes, int number)
        {
            string line;
            try
            {
                line = Strict.GetString(bytes).Trim();
            }
            catch (DecoderFallbackException)
            {
                Errors.Add($"{name}, line {number}: it is not valid UTF-8; save the file as UTF-8.");
                return;
            }

            switch (line)
            {
                case "":
                    _blank++;
                    return;
                case ['#', ..]:
                    _comments++;
                    return;
            }

            _json ??= line[0] == '{';
            var (text, category, id, error) = _json.Value ? PromptLine.Read(line) : (line, null, null, null);
            if ((error ?? Trouble(text!)) is { } trouble)
            {
                Errors.Add($"{name}, line {number}: {trouble}");
                return;
            }

            Keep(new Prompt(id ?? "", CanonicalForm.Compose(text!), category, number));
        }

        public PromptList End()
        {
            if (Errors.Count == 0 && _prompts.Count == 0)
            {
                Errors.Add($"{name} has no prompts ({_blank} blank lines, {_comments} comments); write one prompt a line.");
            }

            return new PromptList(Errors.Count == 0 ? _prompts : [], _blank, _comments, _duplicates, Errors);
        }

        private void Keep(Prompt prompt)
        {
            if (!_texts.TryAdd(prompt.Text, prompt.Line))
            {
                _duplicates.Add(new DuplicatePrompt(prompt.Line, _texts[prompt.Text]));
                return;
            }

            var id = prompt.Id.Length > 0 ? prompt.Id : IdOf(prompt.Text);
            if (!_ids.TryAdd(id, prompt.Line))
            {
                Errors.Add($"{name}, line {prompt.Line}: the id '{id}' stands on line {_ids[id]} already; each prompt needs its own, or none.");
            }
            else if (_prompts.Count == MaxPrompts)
            {
                Errors.Add($"{name}, line {prompt.Line}: a file has at most {MaxPrompts:N0} prompts. Split it.");
            }
            else
            {
                _prompts.Add(prompt with { Id = id });
            }
        }

        private static string? Trouble(string text) =>
            text.Length > MaxCharacters ? $"the prompt has {text.Length:N0} characters; at most {MaxCharacters:N0} are taken. Shorten it."
            : text.AsSpan().IndexOfAnyInRange('\0', '\b') >= 0 ? "it has control characters; take them out."
            : null;
    }
}
