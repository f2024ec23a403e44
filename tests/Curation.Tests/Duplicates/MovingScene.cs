using MedGenCluster.Curation.Duplicates;
using MedGenCluster.Curation.Imaging;
using MedGenCluster.Curation.Quality;

namespace MedGenCluster.Curation.Tests.Duplicates;

/// <summary>A drawn scene that is defined at every point of the plane, so that it can be rendered at any size and cropped exactly:
/// waves with amplitudes that fall with their frequency (as in photographs), panning, and three moving discs.</summary>
internal sealed class MovingScene
{
    private readonly (double Kx, double Ky, double Phase, double Amplitude, double Tint)[] waves;
    private readonly (double X, double Y, double Speed, double Radius, double Level)[] discs;
    private readonly ulong seed;

    public MovingScene(ulong seed)
    {
        this.seed = seed;
        var random = new SplitMix64(seed);
        double Next() => (random.Next() >> 11) / (double)(1UL << 53);
        waves = [.. Enumerable.Range(0, 24).Select(_ =>
        {
            var (frequency, angle) = (0.5 + 7 * Next() * Next(), 2 * Math.PI * Next());
            return (2 * Math.PI * frequency * Math.Cos(angle), 2 * Math.PI * frequency * Math.Sin(angle), 2 * Math.PI * Next(), 28 / frequency, Next() - 0.5);
        })];
        discs = [.. Enumerable.Range(0, 3).Select(_ => (Next(), Next(), 0.2 + 0.5 * Next(), 0.05 + 0.1 * Next(), 255 * Next()))];
    }

    /// <summary>How a copy differs from the scene.</summary>
    public sealed record Copy
    {
        public int Width { get; init; } = 128;

        public int Height { get; init; } = 72;

        /// <summary>Cut away at each side, as a share of the picture.</summary>
        public (double Left, double Top, double Right, double Bottom) Crop { get; init; }

        public int Noise { get; init; }

        public double Gain { get; init; } = 1;

        public double Lift { get; init; }

        public bool Logo { get; init; }

        /// <summary>Time of the scene at which the clip starts, in seconds.</summary>
        public double Start { get; init; }

        public double Seconds { get; init; } = 6;
    }

    public byte[] Render(double time, Copy copy)
    {
        var rgb = new byte[copy.Width * copy.Height * 3];
        var noise = new SplitMix64(seed * 1000 + (ulong)(time * 1000));
        for (var y = 0; y < copy.Height; y++)
        {
            for (var x = 0; x < copy.Width; x++)
            {
                var u = copy.Crop.Left + (x + 0.5) / copy.Width * (1 - copy.Crop.Left - copy.Crop.Right);
                var v = copy.Crop.Top + (y + 0.5) / copy.Height * (1 - copy.Crop.Top - copy.Crop.Bottom);
                var logo = copy.Logo && x > copy.Width * 0.87 && x < copy.Width * 0.96 && y > copy.Height * 0.05 && y < copy.Height * 0.14;
                for (var c = 0; c < 3; c++)
                {
                    var level = logo ? 250 : Level(u, v, time, c) * copy.Gain + copy.Lift;
                    rgb[(y * copy.Width + x) * 3 + c] = (byte)Math.Clamp(level + (copy.Noise == 0 ? 0 : noise.NextBelow(2 * copy.Noise + 1) - copy.Noise), 0, 255);
                }
            }
        }

        return rgb;
    }

    /// <summary>The fingerprint of a cut, two frames a second.</summary>
    public ClipFingerprint Fingerprint(Copy? copy = null)
    {
        copy ??= new Copy();
        var frames = new List<HashedFrame>();
        for (var seconds = 0.0; seconds <= copy.Seconds; seconds += 0.5)
        {
            if (FrameHasher.Hash(new Rgb24View(Render(copy.Start + seconds, copy), copy.Width, copy.Height)) is { } hash)
                frames.Add(new HashedFrame(seconds, hash));
        }

        return new ClipFingerprint(frames);
    }

    private double Level(double u, double v, double time, int channel)
    {
        foreach (var (x, y, speed, radius, level) in discs)
        {
            var (dx, dy) = (u - x - 0.3 * Math.Sin(speed * time), v - y - 0.3 * Math.Cos(speed * time));
            if (dx * dx + dy * dy < radius * radius)
                return level;
        }

        var sum = 125.0;
        foreach (var (kx, ky, phase, amplitude, tint) in waves)
            sum += amplitude * (1 + tint * (channel - 1)) * Math.Sin(kx * (u + 0.06 * time) + ky * (v - 0.03 * time) + phase);
        return sum;
    }
}
