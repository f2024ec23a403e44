using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MedGenCluster.Client.Demo.Scenes;

/// <summary>Seeded fractal value noise in 0..1 on a tile of period 1 in both directions, looked up bilinearly.</summary>
public sealed class NoiseField
{
    private const int Size = 256;
    private readonly float[] _values = new float[Size * Size];

    /// <summary>Sums octaves of smoothed random lattices.</summary>
    /// <param name="seed">Equal seeds give equal fields.</param>
    /// <param name="cells">Lattice cells of the coarsest octave across the tile, a power of two up to 128.</param>
    /// <param name="octaves">Octaves; each has twice the cells and half the weight of the one before.</param>
    public NoiseField(int seed, int cells = 4, int octaves = 5)
    {
        var random = new Random(seed);
        float low = float.MaxValue, high = float.MinValue;
        var weight = 1f;
        for (var octave = 0; octave < octaves && cells <= Size; octave++, cells *= 2, weight *= 0.5f)
            AddOctave(random, cells, weight);
        foreach (var value in _values)
        {
            low = MathF.Min(low, value);
            high = MathF.Max(high, value);
        }

        for (var i = 0; i < _values.Length; i++)
            _values[i] = (_values[i] - low) / (high - low);
    }

    /// <summary>The value at a point; coordinates wrap at 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float At(float u, float v)
    {
        var x = u * Size;
        var y = v * Size;
        var floorX = MathF.Floor(x);
        var floorY = MathF.Floor(y);
        var fx = x - floorX;
        var fy = y - floorY;
        var x0 = (int)floorX & (Size - 1);
        var x1 = (x0 + 1) & (Size - 1);
        var y0 = ((int)floorY & (Size - 1)) * Size;
        var y1 = (y0 + Size) & ((Size * Size) - 1);
        // The masks keep every index inside the tile, so the bounds checks of the hottest loop can go.
        ref var values = ref MemoryMarshal.GetArrayDataReference(_values);
        var topLeft = Unsafe.Add(ref values, y0 + x0);
        var bottomLeft = Unsafe.Add(ref values, y1 + x0);
        var top = topLeft + (fx * (Unsafe.Add(ref values, y0 + x1) - topLeft));
        var bottom = bottomLeft + (fx * (Unsafe.Add(ref values, y1 + x1) - bottomLeft));
        return top + (fy * (bottom - top));
    }

    private void AddOctave(Random random, int cells, float weight)
    {
        var lattice = new float[cells * cells];
        for (var i = 0; i < lattice.Length; i++)
            lattice[i] = random.NextSingle();
        for (var y = 0; y < Size; y++)
        {
            var (y0, fy) = Cell(y, cells);
            for (var x = 0; x < Size; x++)
            {
                var (x0, fx) = Cell(x, cells);
                var x1 = (x0 + 1) % cells;
                var y1 = (y0 + 1) % cells;
                var top = lattice[(y0 * cells) + x0] + (fx * (lattice[(y0 * cells) + x1] - lattice[(y0 * cells) + x0]));
                var bottom = lattice[(y1 * cells) + x0] + (fx * (lattice[(y1 * cells) + x1] - lattice[(y1 * cells) + x0]));
                _values[(y * Size) + x] += weight * (top + (fy * (bottom - top)));
            }
        }
    }

    private static (int Cell, float Fraction) Cell(int position, int cells)
    {
        var exact = position * (float)cells / Size;
        var cell = (int)exact;
        var f = exact - cell;
        return (cell % cells, f * f * (3f - (2f * f)));
    }
}
