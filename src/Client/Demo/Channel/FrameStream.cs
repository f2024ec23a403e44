using System.Numerics;
using MedGenCluster.Client.Demo.Scenes;

namespace MedGenCluster.Client.Demo;

/// <summary>Renders a planned video frame by frame.</summary>
internal sealed class FrameStream(PlannedVideo plan, int seed)
{
    private readonly Dictionary<int, IScene> _scenes = [];

    /// <summary>Writes all frames as RGB24 of the plan's render size.</summary>
    /// <remarks>
    /// Every second frame is rendered, the one between two is their mean: motion is slow, so nobody sees it, and it halves the
    /// cost. Across a cut the earlier frame is held.
    /// </remarks>
    public async Task WriteAsync(Stream output, CancellationToken cancellationToken)
    {
        var (width, height) = plan.RenderSize;
        var even = new Raster(width, height);
        var next = new Raster(width, height);
        var shown = new Raster(width, height);
        var scenes = plan.Scenes();
        var frames = (int)Math.Round(plan.Seconds * plan.FrameRate);
        for (int index = 0, take = -1, ahead = -1; index < frames; index++)
        {
            var now = TakeAt(scenes, index);
            if (ahead == index)
                (even, next) = (next, even);
            else if (index % 2 == 0 || now != take)
                Render(scenes, now, index, even);
            if (index % 2 == 1 && now == take && index + 1 < frames && TakeAt(scenes, index + 1) == now)
            {
                ahead = index + 1;
                Render(scenes, now, ahead, next);
                Blend(even.Pixels, next.Pixels, shown.Pixels);
            }
            else
            {
                even.Pixels.CopyTo(shown.Pixels.AsSpan());
            }

            take = now;
            Spoil(shown, index);
            await output.WriteAsync(shown.Pixels, cancellationToken);
        }
    }

    private int TakeAt(IReadOnlyList<PlantedScene> scenes, int index)
    {
        var t = index / (double)plan.FrameRate;
        var take = 0;
        while (take + 1 < scenes.Count && t >= scenes[take].End - 1e-6)
            take++;
        return take;
    }

    private void Render(IReadOnlyList<PlantedScene> scenes, int take, int index, Raster raster)
    {
        if (!_scenes.TryGetValue(take, out var scene))
            _scenes[take] = scene = SceneCatalog.Create(scenes[take].Kind, seed + (17 * take));
        scene.Render(raster, (index / (double)plan.FrameRate) - scenes[take].Start);
    }

    private static void Blend(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, Span<byte> mean)
    {
        var i = 0;
        for (; i <= a.Length - Vector<byte>.Count; i += Vector<byte>.Count)
        {
            var x = new Vector<byte>(a[i..]);
            var y = new Vector<byte>(b[i..]);
            ((x & y) + ((x ^ y) >>> 1)).CopyTo(mean[i..]);
        }

        for (; i < a.Length; i++)
            mean[i] = (byte)((a[i] + b[i]) >> 1);
    }

    private void Spoil(Raster frame, int index)
    {
        switch (plan.Fault)
        {
            case PlantedFault.Blur:
                FrameFaults.Apply(frame, Degradation.Blur, 1f, 0);
                break;
            case PlantedFault.Noise:
                FrameFaults.Apply(frame, Degradation.Noise, 1.2f, unchecked((seed * 1009) + index));
                break;
            case PlantedFault.Letterbox:
                FrameFaults.Frame(frame, Border.Letterbox, 0.13f);
                break;
            case PlantedFault.Pillarbox:
                FrameFaults.Frame(frame, Border.Pillarbox, 0.125f);
                break;
        }
    }
}
