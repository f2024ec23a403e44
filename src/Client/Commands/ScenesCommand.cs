using System.CommandLine;
using System.Globalization;
using MedGenCluster.Client.Demo;

namespace MedGenCluster.Client.Commands;

/// <summary>`medgen scenes`: writes rendered training frames of the demo pack's models. Hidden: only the trainer calls it.</summary>
internal static class ScenesCommand
{
    /// <summary>The command with its options.</summary>
    public static Command Build()
    {
        var outDir = new Option<string>("--out") { Description = "Folder for frames.u8 and labels.jsonl.", Required = true };
        var count = new Option<int>("--count") { Description = "Frames to render.", DefaultValueFactory = _ => 1200 };
        var seed = new Option<int>("--seed") { Description = "Seed of the selection.", DefaultValueFactory = _ => 1 };
        var heldOut = new Option<bool>("--held-out") { Description = "Use scenes that no training set contains." };
        var command = new Command("scenes", "Render labelled frames of procedural scenes (for training the demo pack).")
        {
            outDir, count, seed, heldOut,
        };
        command.Hidden = true;
        command.SetAction(async (result, cancellationToken) =>
        {
            Shared.OnlyHere(result);
            var folder = result.GetRequiredValue(outDir);
            await SceneSampler.WriteAsync(folder, result.GetValue(count), result.GetValue(seed), result.GetValue(heldOut), cancellationToken);
            await result.InvocationConfiguration.Output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"frames written to {folder}"));
            return 0;
        });
        return command;
    }
}
