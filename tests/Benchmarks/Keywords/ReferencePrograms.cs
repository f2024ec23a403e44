using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

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
        began = time.perf_counter()
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
        print(total, time.perf_counter() - began, hits)
        """;

    /// <summary>What is not installed, in words; null when all is there.</summary>
    public static string? Missing() =>
        !Runs("rg", "--version") ? "ripgrep" : !Runs(Interpreter, "-c", "import ahocorasick") ? "Python 3 with ahocorasick" : null;

    /// <summary>Number of lines in which ripgrep finds a term.</summary>
    public static long Rg(string terms, string file) =>
        long.Parse(Output("rg", "--no-config", "-c", "-i", "-w", "-F", "-f", terms, file), CultureInfo.InvariantCulture);

    /// <summary>Bytes that the Python loop read, and the seconds it took after its automaton was built.</summary>
    public static (long Bytes, double Seconds) Python(string terms, string file, long bytes)
    {
        var words = Output(Interpreter, "-c", Loop, terms, file, bytes.ToString(CultureInfo.InvariantCulture)).Split(' ');
        return (long.Parse(words[0], CultureInfo.InvariantCulture), double.Parse(words[1], CultureInfo.InvariantCulture));
    }

    private static bool Runs(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }

    private static string Output(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var text = process.StandardOutput.ReadToEnd().Trim();
        process.WaitForExit();
        return process.ExitCode == 0 ? text : throw new InvalidOperationException($"{program} ended with {process.ExitCode}.");
    }
}
