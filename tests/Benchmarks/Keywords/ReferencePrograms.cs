using System.Globalization;
using MedGenCluster.Curation.Processes;

namespace MedGenCluster.Benchmarks.Keywords;

/// <summary>The programs that the keyword stage is measured against.</summary>
internal static class ReferencePrograms
{
    // Debian's interpreter, which sees Debian's python3-ahocorasick; another may come first in the path.
    private const string Interpreter = "/usr/bin/python3";

    private const string Loop = """
        import json, sys, time
        import ahocorasick

        automaton = ahocorasick.Automaton()
        for term in open(sys.argv[1], encoding="utf-8").read().splitlines():
            automaton.add_word(term, term)
        automaton.make_automaton()
        hits = total = 0
        limit = int(sys.argv[3])
        began = time.process_time()
        with open(sys.argv[2], "rb") as rows:
            for line in rows:
                row = json.loads(line)
                text = " ".join([row.get("title") or "", row.get("description") or "", *(row.get("tags") or [])]).lower()
                for end, term in automaton.iter(text):
                    start = end - len(term)
                    if (start < 0 or not text[start].isalnum()) and (end + 1 == len(text) or not text[end + 1].isalnum()):
                        hits += 1
                        break
                total += len(line)
                if total >= limit:
                    break
        print(total, time.process_time() - began, hits)
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

    /// <summary>Bytes that the Python loop read, and the processor time it took after its automaton was built, seconds.</summary>
    public static async Task<(long Bytes, double Seconds)> PythonAsync(string terms, string file, long bytes)
    {
        var words = (await OutputAsync(Interpreter, "-c", Loop, terms, file, bytes.ToString(CultureInfo.InvariantCulture))).Output.Split(' ');
        return (long.Parse(words[0], CultureInfo.InvariantCulture), double.Parse(words[1], CultureInfo.InvariantCulture));
    }

    private static async Task<ProcessResult> OutputAsync(string program, params string[] arguments)
    {
        var result = await RunAsync(program, arguments);
        return result.Succeeded ? result : throw new InvalidOperationException($"{program} ended with {result.ExitCode}: {result.ErrorTail}");
    }

    private static Task<ProcessResult> RunAsync(string program, params string[] arguments) => Runner.RunAsync(new ProcessSpec(program, arguments), null, CancellationToken.None);
}
