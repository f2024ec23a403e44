using System.CommandLine;
using System.Globalization;
using MedGenCluster.GpuWorkers.Bench;
using MedGenCluster.GpuWorkers.Inference;
using MedGenCluster.GpuWorkers.Packs;
using MedGenCluster.Silo.Api.Contracts;
using MedGenCluster.Silo.Views;
using Spectre.Console;

namespace MedGenCluster.Client.Commands;

/// <summary><c>medgen models list|verify|bench</c>.</summary>
internal static class ModelsCommand
{
    public static Command Build() => new("models", "Inspect the model pack.") { List(), Verify(), Bench() };

    private static Command List()
    {
        var command = new Command("list", "Roles, files, licences and sources of the pack.");
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var output = Shared.Output(parsed);
            await using var remote = Shared.Remote(parsed);
            var pack = remote is null ? SystemViews.Models(parsed.GetValue(Shared.Models)!) : await remote.ModelsAsync(cancellationToken);
            output.Line($"pack {pack.Pack} {pack.Version}{(pack.Demo ? " (demonstration: its scores are labelled demo)" : "")} in {pack.Folder}");
            var table = Output.NewTable("role", "file", ">KB", "licence", "source", "version");
            foreach (var entry in pack.Roles)
            {
                output.Value(new { pack.Pack, IsDemo = pack.Demo, entry.Role, entry.File, entry.Bytes, entry.Sha256, entry.Licence, entry.Source, entry.Version });
                table.AddRow(
                    Markup.Escape(entry.Role), Markup.Escape(entry.File), Kilobytes(entry.Bytes), Markup.Escape(entry.Licence ?? ""),
                    Markup.Escape(entry.Source ?? ""), Markup.Escape(entry.Version ?? ""));
            }

            output.Table(table);
            return ExitCodes.Ok;
        });
        return command;
    }

    private static Command Verify()
    {
        var command = new Command("verify", "Check every file of the pack: present, checksum, shapes.");
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var output = Shared.Output(parsed);
            await using var remote = Shared.Remote(parsed);
            string? none = null;
            var runtime = remote is null ? InferenceRuntime.TryCreate(InferenceSelection.Read(parsed), out none) : null;
            IReadOnlyList<ModelCheck> checks = remote is not null
                ? await remote.VerifyModelsAsync(cancellationToken)
                : [.. ModelPack.Load(parsed.GetValue(Shared.Models)!).Verify(runtime).Select(check => new ModelCheck(check.Role, check.Status.ToString().ToLowerInvariant(), check.Sentence))];
            var table = Output.NewTable("role", "status", "");
            foreach (var check in checks)
            {
                output.Value(check);
                table.AddRow(Markup.Escape(check.Role), Markup.Escape(check.Status), Markup.Escape(check.Sentence));
            }

            output.Table(table);
            output.Line(runtime?.Description ?? none ?? "");
            return checks.All(check => check.Status == "ok") ? ExitCodes.Ok : ExitCodes.Unavailable;
        });
        return command;
    }

    private static Command Bench()
    {
        var command = new Command("bench", "Throughput and latency of every model at several batch sizes, on this machine.");
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var output = Shared.Output(parsed);
            await using var remote = Shared.Remote(parsed);
            IEnumerable<ModelBenchRow> rows = remote is null
                ? ModelBench.Run(ModelPack.Load(parsed.GetValue(Shared.Models)!), InferenceRuntime.TryCreate(InferenceSelection.Read(parsed), out var none), none, new ModelBenchOptions(), cancellationToken)
                : await remote.BenchModelsAsync(cancellationToken);
            var table = Output.NewTable("role", ">batch", ">items/s", ">ms/batch", "");
            foreach (var row in rows)
            {
                output.Value(row);
                table.AddRow(
                    Markup.Escape(row.Role), row.BatchSize.ToString(CultureInfo.InvariantCulture), row.ItemsPerSecond.ToString("N1", CultureInfo.InvariantCulture),
                    row.MedianMilliseconds.ToString("N2", CultureInfo.InvariantCulture), Markup.Escape(row.Trouble ?? ""));
            }

            output.Table(table);
            return ExitCodes.Ok;
        });
        return command;
    }

    private static string Kilobytes(long? bytes) => bytes is { } b ? (b / 1024.0).ToString("N0", CultureInfo.InvariantCulture) : "";
}
