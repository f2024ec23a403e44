using System.Numerics;
using System.Text.Json;
using MedGenCluster.Client.Demo.Scenes;

namespace MedGenCluster.Client.Demo;

/// <summary>Writes rendered, labelled frames for training and checking the models of the demo pack.</summary>
public static class SceneSampler
{
    /// <summary>Pixels per row of a frame: half of an 854x480 video, as the demo channel renders.</summary>
    public const int Width = 427;

    /// <summary>Rows of a frame.</summary>
    public const int Height = 240;

    /// <summary>Consecutive frames of an instance; they are one second apart.</summary>
    public const int FramesPerInstance = 6;

    /// <summary>
    /// Writes frames.u8 (uint8 [count, 240, 427, 3], RGB) and labels.jsonl (one <see cref="SampledFrame"/> a line) into a folder.
    /// Kinds take turns, half of the instances are clean, a quarter blurred, a quarter noisy; a fifth each have bars or text.
    /// </summary>
    /// <param name="outDir">Created when missing; existing files are replaced.</param>
    /// <param name="count">Frames, rounded up to whole instances.</param>
    /// <param name="seed">Equal seeds give equal bytes.</param>
    /// <param name="heldOut">Draws scene seeds from a range that is disjoint from the training range and from the demo channel's.</param>
    /// <param name="cancellationToken">Stops between frames.</param>
    public static async Task WriteAsync(string outDir, int count, int seed, bool heldOut, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        Directory.CreateDirectory(outDir);
        await using var frames = File.Create(Path.Combine(outDir, "frames.u8"));
        await using var labels = new StreamWriter(Path.Combine(outDir, "labels.jsonl"));
        var raster = new Raster(Width, Height);
        var random = new Random(heldOut ? ~seed : seed);
        var instances = (count + FramesPerInstance - 1) / FramesPerInstance;
        for (var instance = 0; instance < instances; instance++)
        {
            var take = Draw(random, instance, heldOut);
            var scene = SceneCatalog.Create(take.Scene, take.Seed);
            for (var k = 0; k < FramesPerInstance; k++)
            {
                var label = take with { Index = (instance * FramesPerInstance) + k, Time = take.Time + k };
                scene.Render(raster, label.Time);
                Spoil(raster, label);
                await frames.WriteAsync(raster.Pixels, cancellationToken);
                await labels.WriteLineAsync(JsonSerializer.Serialize(label, DemoJson.Line).AsMemory(), cancellationToken);
            }
        }
    }

    private static SampledFrame Draw(Random random, int instance, bool heldOut)
    {
        var kind = SceneCatalog.All[instance % SceneCatalog.All.Count];
        var degradation = random.Next(4) switch { 0 => Degradation.Blur, 1 => Degradation.Noise, _ => Degradation.None };
        var border = random.Next(10) switch { 0 => Border.Letterbox, 1 => Border.Pillarbox, _ => Border.None };
        var sceneSeed = (heldOut ? 1_500_000 : 1_000_000) + random.Next(400_000);
        return new SampledFrame(0, kind, SceneCatalog.IsMedical(kind), instance, sceneSeed, Math.Round(random.NextDouble() * 40, 3),
            degradation, degradation == Degradation.None ? 0f : random.Between(0.8f, 1.2f), border, random.Next(5) == 0);
    }

    private static void Spoil(Raster raster, SampledFrame label)
    {
        var seed = unchecked((label.Seed * 31) + (int)(label.Time * 1000));
        FrameFaults.Apply(raster, label.Degradation, label.Severity, seed);
        FrameFaults.Frame(raster, label.Border, label.Border == Border.Letterbox ? 0.1f + (0.05f * (label.Seed % 3) / 2f) : 0.125f);
        if (label.Subtitles)
            DrawTextLike(raster, new Random(label.Seed + (int)(label.Time / 3)));
    }

    // Two rows of letter-sized strokes with a dark outline: enough for a model to learn to look past subtitles.
    private static void DrawTextLike(Raster raster, Random random)
    {
        raster.LookAt(0, 0, 1);
        for (var line = 0; line < 2; line++)
        {
            var v = 0.34f + (0.075f * line);
            var half = random.Between(0.4f, 0.68f);
            for (var u = -half; u < half; u += random.Next(6) == 0 ? 0.045f : 0.025f)
            {
                var top = v - random.Between(0.0f, 0.02f);
                var slant = random.Between(-0.006f, 0.006f);
                raster.Capsule(u, top, u + slant, v + 0.022f, 0.007f, Vector3.Zero);
                raster.Capsule(u, top, u + slant, v + 0.022f, 0.0035f, new Vector3(250f));
            }
        }
    }
}
