using System.Globalization;
using MedGenCluster.Curation.Processes;

namespace MedGenCluster.Benchmarks.Keywords;

/// <summary>The programs that the keyword stage is measured against.</summary>
internal static class ReferencePrograms
{
    // Debian's interpreter, which sees Debian's python3-ahocorasick; another may come first in the path.
    private const string Interpreter = "/usr/bin/python3";

    private const string Loop = """
        import json, re, sys, time, unicodedata
        import ahocorasick

        terms, exclusions, path, limit, is_bare = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]), sys.argv[5] == "bare"
        spaces = re.compile(r"[\s-]+")
        automaton = ahocorasick.Automaton()
        for name, is_term in ((exclusions, False), (terms, True)):
            for text in open(name, encoding="utf-8").read().splitlines():
                if is_term or not is_bare:
                    automaton.add_word(text, (text, is_term))
        automaton.make_automaton()


        def occurrences(text):
            for end, (term, is_term) in automaton.iter(text):
                start = end + 1 - len(term)
                if (start == 0 or not text[start - 1].isalnum()) and (end + 1 == len(text) or not text[end + 1].isalnum()):
                    yield start, end, term, is_term


        def terms_of(text):
            text = text.lower()
            if not text.isascii():
                text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
            found = list(occurrences(spaces.sub(" ", text)))
            covers = [(start, end) for start, end, _, is_term in found if not is_term]
            return {term for start, end, term, is_term in found if is_term and not any(a <= start and end <= b for a, b in covers)}


        def same_answers(row):
            fields = ("title", row.get("title") or ""), ("description", row.get("description") or ""), *(("tags", tag) for tag in row.get("tags") or ())
            return {(field, term) for field, text in fields for term in terms_of(text)}


        def bare(row):
            text = " ".join([row.get("title") or "", row.get("description") or "", *(row.get("tags") or [])]).lower()
            return next(occurrences(text), None)


        matches = bare if is_bare else same_answers
        hits = total = count = 0
        began = time.process_time()
        with open(path, "rb") as rows:
            for line in rows:
                if matches(json.loads(line)):
                    hits += 1
                count += 1
                total += len(line)
                if total >= limit:
                    break
        print(total / (time.process_time() - began), count, hits)
        """;

    private static readonly ProcessRunner Runner = new(TimeProvider.System, new ProcessAccounting());

    /// <summary>What is not installed, in words; null when all is there.</summary>
    public static async Task<string?> MissingAsync() =>
        !(await RunAsync("rg", "--version")).Succeeded ? "ripgrep" : !(await RunAsync(Interpreter, "-c", "import ahocorasick")).Succeeded ? "Python 3 with ahocorasick" : null;

    /// <summary>The number of lines in which ripgrep finds a term, and its processor time in seconds.</summary>
    public static async Task<(long Lines, double Seconds)> RgAsync(string terms, string file)
    {
        var result = await OutputAsync("rg", "--no-config", "-c", "-i", "-w", "-F", "-f", terms, file);
        return (long.Parse(result.Output, CultureInfo.InvariantCulture), result.CpuTime.TotalSeconds);
    }

    /// <summary>A loop over the rows at the file's start, after its automaton is built.</summary>
    /// <param name="terms">A term a line.</param>
    /// <param name="exclusions">A phrase a line.</param>
    /// <param name="file">The rows.</param>
    /// <param name="bytes">How much of them.</param>
    /// <param name="isBare">False finds what the keyword stage finds: folded, by field, without what is excluded; true stops at the first term of a row's text.</param>
    public static async Task<PythonResult> PythonAsync(string terms, string exclusions, string file, long bytes, bool isBare)
    {
        var words = (await OutputAsync(Interpreter, "-c", Loop, terms, exclusions, file, bytes.ToString(CultureInfo.InvariantCulture), isBare ? "bare" : "same")).Output.Split(' ');
        return new PythonResult(double.Parse(words[0], CultureInfo.InvariantCulture), long.Parse(words[1], CultureInfo.InvariantCulture), long.Parse(words[2], CultureInfo.InvariantCulture));
    }

    private static async Task<ProcessResult> OutputAsync(string program, params string[] arguments)
    {
        var result = await RunAsync(program, arguments);
        return result.Succeeded ? result : throw new InvalidOperationException($"{program} ended with {result.ExitCode}: {result.ErrorTail}");
    }

    private static Task<ProcessResult> RunAsync(string program, params string[] arguments) => Runner.RunAsync(new ProcessSpec(program, arguments), null, CancellationToken.None);
}

/// <param name="BytesPerSecond">Of processor time.</param>
/// <param name="Rows">That were read.</param>
/// <param name="Hits">Among them.</param>
internal readonly record struct PythonResult(double BytesPerSecond, long Rows, long Hits);
