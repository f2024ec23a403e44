using System.Diagnostics;
using System.Reflection;
using System.Text.Json;

namespace MedGenCluster.EndToEnd;

/// <summary>Runs the real program as a user would.</summary>
internal static class Medgen
{
    public static readonly string Program = typeof(Medgen).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(item => item.Key == "Medgen").Value!;

    public static Task<MedgenRun> RunAsync(params string[] arguments) => RunAsync(null, arguments);

    /// <param name="environment">Further variables; null for none.</param>
    public static async Task<MedgenRun> RunAsync(IReadOnlyDictionary<string, string>? environment, params string[] arguments)
    {
        using var process = Start(environment, arguments);
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new MedgenRun(process.ExitCode, output, await error);
    }

    public static Process Start(params string[] arguments) => Start(null, arguments);

    public static Process Start(IReadOnlyDictionary<string, string>? environment, params string[] arguments)
    {
        var start = new ProcessStartInfo(Program) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }
}

internal sealed record MedgenRun(int ExitCode, string Output, string Error)
{
    /// <summary>The JSON values that the program printed.</summary>
    public IReadOnlyList<JsonElement> Json => [.. Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];

    /// <summary>The values of one type, for example <c>judgement</c>.</summary>
    public IEnumerable<JsonElement> OfType(string type) => Json.Where(value => value.TryGetProperty("type", out var t) && t.GetString() == type);

    public MedgenRun Succeeds()
    {
        Assert.True(ExitCode == 0, $"exit code {ExitCode}\n{Error}\n{Output}");
        return this;
    }
}
