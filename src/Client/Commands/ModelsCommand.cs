using System.CommandLine;
using System.Globalization;
using MedGenCluster.GpuWorkers.Packs;
using Spectre.Console;

namespace MedGenCluster.Client.Commands;

/// <summary><c>medgen models list|verify|bench</c>.</summary>
internal static class ModelsCommand
{
    public static Command Build() => new("models", "Inspect the model pack.") { List() };

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

    private static string Kilobytes(long? bytes) => bytes is { } b ? (b / 1024.0).ToString("N0", CultureInfo.InvariantCulture) : "";
}
