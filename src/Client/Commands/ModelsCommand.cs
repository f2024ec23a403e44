using System.CommandLine;
using System.Globalization;
using MedGenCluster.GpuWorkers.Bench;
using MedGenCluster.GpuWorkers.Inference;
using MedGenCluster.GpuWorkers.Packs;
using Spectre.Console;

namespace MedGenCluster.Client.Commands;

/// <summary><c>medgen models list|verify|bench</c>.</summary>
internal static class ModelsCommand
{
    public static Command Build() => new("models", "Inspect the model pack.") { List(), Verify(), Bench() };

    private static Command List()
    {
        var command = new Command("list", "Roles, files, licences and sources of the pack.");
        command.SetAction((parsed, _) =>
        {
            var output = Shared.Output(parsed);
            var pack = ModelPack.Load(parsed.GetValue(Shared.Models)!);
            output.Line($"pack {pack.Name} {pack.Version}{(pack.IsDemo ? " (demonstration: its scores are labelled demo)" : "")} in {pack.Folder}");
            var table = Output.NewTable("role", "file", ">KB", "licence", "source", "version");
            foreach (var entry in pack.Roles.Values.OrderBy(entry => entry.Role, StringComparer.Ordinal))
            {
                output.Value(new { Pack = pack.Name, pack.IsDemo, entry.Role, File = entry.File.Path, entry.File.Bytes, entry.File.Sha256, entry.Licence, entry.Source, entry.Version });
                table.AddRow(
                    Markup.Escape(entry.Role), Markup.Escape(entry.File.Path), Kilobytes(entry.File.Bytes), Markup.Escape(entry.Licence ?? ""),
                    Markup.Escape(entry.Source ?? ""), Markup.Escape(entry.Version ?? ""));
            }

            output.Table(table);
            return Task.FromResult(ExitCodes.Ok);
        });
        return command;
    }

    private static Command Verify()
    {
        var command = new Command("verify", "Check every file of the pack: present, checksum, shapes.");
        command.SetAction((parsed, _) =>
        {
            var output = Shared.Output(parsed);
            var pack = ModelPack.Load(parsed.GetValue(Shared.Models)!);
            var runtime = InferenceRuntime.TryCreate(Inference, out var none);
            var checks = pack.Verify(runtime);
            var table = Output.NewTable("role", "status", "");
            foreach (var check in checks)
            {
                output.Value(new { check.Role, check.Status, check.Sentence });
                table.AddRow(Markup.Escape(check.Role), Markup.Escape(check.Status.ToString().ToLowerInvariant()), Markup.Escape(check.Sentence));
            }

            output.Table(table);
            output.Line(runtime?.Description ?? none ?? "");
            return Task.FromResult(checks.All(check => check.Status == RoleStatus.Ok) ? ExitCodes.Ok : ExitCodes.Unavailable);
        });
        return command;
    }

    private static Command Bench()
    {
        var command = new Command("bench", "Throughput and latency of every model at several batch sizes, on this machine.");
        command.SetAction((parsed, cancellationToken) =>
        {
            var output = Shared.Output(parsed);
            var pack = ModelPack.Load(parsed.GetValue(Shared.Models)!);
            var runtime = InferenceRuntime.TryCreate(Inference, out var none);
            var table = Output.NewTable("role", ">batch", ">items/s", ">ms/batch", "");
            foreach (var row in ModelBench.Run(pack, runtime, none, new ModelBenchOptions(), cancellationToken))
            {
                output.Value(row);
                table.AddRow(
                    Markup.Escape(row.Role), row.BatchSize.ToString(CultureInfo.InvariantCulture), row.ItemsPerSecond.ToString("N1", CultureInfo.InvariantCulture),
                    row.MedianMilliseconds.ToString("N2", CultureInfo.InvariantCulture), Markup.Escape(row.Trouble ?? ""));
            }

            output.Table(table);
            return Task.FromResult(ExitCodes.Ok);
        });
        return command;
    }

    private static InferenceOptions Inference => new() { IntraOpThreads = 1 };

    private static string Kilobytes(long? bytes) => bytes is { } b ? (b / 1024.0).ToString("N0", CultureInfo.InvariantCulture) : "";
}
