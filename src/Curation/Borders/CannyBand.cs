using System.Buffers;
using System.Numerics;

namespace MedGenCluster.Curation.Borders;

/// <summary>Canny's edge detector (Canny 1986) over a narrow band along one side of a frame: 5x5 Gaussian, Sobel, non-maximum
/// suppression, hysteresis. The band is turned so that its rows run along the side, the outermost first.</summary>
internal sealed class CannyBand(int rows, int columns) : IDisposable
{
    // Levels carry four binary places after the Gaussian; a step of s levels then gives a Sobel response of 40 s, and 4 s in the
    // unit of the thresholds.
    private const double Scale = 10;

    // The tangent of 22.5 degrees, half of a direction sector.
    private const float Sector = 0.41421356f;

    private const byte Weak = 1, Strong = 2, Edge = 3;

    private readonly byte[] luma = ArrayPool<byte>.Shared.Rent(rows * columns);
    private readonly ushort[] narrow = ArrayPool<ushort>.Shared.Rent(rows * columns);
    private readonly short[] smooth = ArrayPool<short>.Shared.Rent(rows * columns);
    private readonly short[] along = ArrayPool<short>.Shared.Rent(rows * columns);
    private readonly short[] inward = ArrayPool<short>.Shared.Rent(rows * columns);
    private readonly short[] strength = ArrayPool<short>.Shared.Rent(rows * columns);
    private readonly byte[] marks = ArrayPool<byte>.Shared.Rent(rows * columns);
    private readonly List<(int Row, int Column)> inwardEdges = [];

    public int Rows => rows;

    public int Columns => columns;

    /// <summary>Luma of the band, [Rows, Columns]; the caller fills it.</summary>
    public Span<byte> Luma => luma.AsSpan(0, rows * columns);

    /// <summary>The edge pixels whose picture becomes brighter away from the side and whose edge runs along it.</summary>
    public IReadOnlyList<(int Row, int Column)> InwardEdges => inwardEdges;

    /// <summary>Fills <see cref="InwardEdges"/>.</summary>
    /// <param name="low">Lower hysteresis threshold, in the unit of an unsmoothed Sobel response (4 s for a step of s levels).</param>
    /// <param name="high">Upper hysteresis threshold.</param>
    public void Detect(double low, double high)
    {
        for (var r = 0; r < rows; r++)
            SmoothAlong(luma.AsSpan(r * columns, columns), narrow.AsSpan(r * columns, columns));
        for (var r = 0; r < rows; r++)
            SmoothAcross(r);
        for (var r = 0; r < rows; r++)
            Gradients(r);
        Suppress(ToStrength(low), ToStrength(high));
        Link();

        static short ToStrength(double threshold) => (short)Math.Min(threshold * Scale, short.MaxValue);
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(luma);
        ArrayPool<ushort>.Shared.Return(narrow);
        ArrayPool<short>.Shared.Return(smooth);
        ArrayPool<short>.Shared.Return(along);
        ArrayPool<short>.Shared.Return(inward);
        ArrayPool<short>.Shared.Return(strength);
        ArrayPool<byte>.Shared.Return(marks);
    }

    /// <summary>Weights 1 4 6 4 1 along the side, times 16; the ends are repeated.</summary>
    private static void SmoothAlong(ReadOnlySpan<byte> from, Span<ushort> to)
    {
        var c = 0;
        for (; c < Math.Min(2, to.Length); c++)
            to[c] = Clamped(from, c);
        for (; c + Vector<byte>.Count + 2 <= from.Length; c += Vector<byte>.Count)
        {
            Vector.Widen(new Vector<byte>(from[(c - 2)..]), out var a, out var a2);
            Vector.Widen(new Vector<byte>(from[(c - 1)..]), out var b, out var b2);
            Vector.Widen(new Vector<byte>(from[c..]), out var m, out var m2);
            Vector.Widen(new Vector<byte>(from[(c + 1)..]), out var d, out var d2);
            Vector.Widen(new Vector<byte>(from[(c + 2)..]), out var e, out var e2);
            (a + e + ((b + d) << 2) + m * 6).CopyTo(to[c..]);
            (a2 + e2 + ((b2 + d2) << 2) + m2 * 6).CopyTo(to[(c + Vector<ushort>.Count)..]);
        }

        for (; c < to.Length; c++)
            to[c] = Clamped(from, c);

        static ushort Clamped(ReadOnlySpan<byte> from, int c)
        {
            var last = from.Length - 1;
            return (ushort)(from[Math.Max(c - 2, 0)] + from[Math.Min(c + 2, last)] + 4 * (from[Math.Max(c - 1, 0)] + from[Math.Min(c + 1, last)]) + 6 * from[c]);
        }
    }

    /// <summary>The same weights away from the side, and back to 1/16 levels.</summary>
    private void SmoothAcross(int r)
    {
        var a = Narrow(r - 2);
        var b = Narrow(r - 1);
        var m = Narrow(r);
        var d = Narrow(r + 1);
        var e = Narrow(r + 2);
        var to = smooth.AsSpan(r * columns, columns);
        var c = 0;
        for (; c + Vector<ushort>.Count <= columns; c += Vector<ushort>.Count)
        {
            var sum = new Vector<ushort>(a[c..]) + new Vector<ushort>(e[c..]) + ((new Vector<ushort>(b[c..]) + new Vector<ushort>(d[c..])) << 2) + new Vector<ushort>(m[c..]) * 6;
            Vector.AsVectorInt16(sum >>> 4).CopyTo(to[c..]);
        }

        for (; c < columns; c++)
            to[c] = (short)((a[c] + e[c] + 4 * (b[c] + d[c]) + 6 * m[c]) >> 4);
    }

    private ReadOnlySpan<ushort> Narrow(int r) => narrow.AsSpan(Math.Clamp(r, 0, rows - 1) * columns, columns);

    private ReadOnlySpan<short> Smooth(int r) => smooth.AsSpan(Math.Clamp(r, 0, rows - 1) * columns, columns);

    private void Gradients(int r)
    {
        var above = Smooth(r - 1);
        var here = Smooth(r);
        var below = Smooth(r + 1);
        var c = 0;
        Gradient(r, c++);
        for (; c + Vector<short>.Count + 1 <= columns; c += Vector<short>.Count)
        {
            Vector<short> a = new(above[(c - 1)..]), b = new(above[c..]), d = new(above[(c + 1)..]);
            Vector<short> e = new(below[(c - 1)..]), f = new(below[c..]), g = new(below[(c + 1)..]);
            var gx = d - a + ((new Vector<short>(here[(c + 1)..]) - new Vector<short>(here[(c - 1)..])) << 1) + g - e;
            var gy = e - a + ((f - b) << 1) + g - d;
            gx.CopyTo(along, r * columns + c);
            gy.CopyTo(inward, r * columns + c);
            (Vector.Abs(gx) + Vector.Abs(gy)).CopyTo(strength, r * columns + c);
        }

        for (; c < columns; c++)
            Gradient(r, c);
    }

    private void Gradient(int r, int c)
    {
        var above = Smooth(r - 1);
        var here = Smooth(r);
        var below = Smooth(r + 1);
        int left = Math.Max(c - 1, 0), right = Math.Min(c + 1, columns - 1), i = r * columns + c;
        var gx = above[right] + 2 * here[right] + below[right] - above[left] - 2 * here[left] - below[left];
        var gy = below[left] + 2 * below[c] + below[right] - above[left] - 2 * above[c] - above[right];
        along[i] = (short)gx;
        inward[i] = (short)gy;
        strength[i] = (short)(Math.Abs(gx) + Math.Abs(gy));
    }

    private void Suppress(short low, short high)
    {
        marks.AsSpan(0, rows * columns).Clear();
        var limit = new Vector<short>(low);
        for (var i = 0; i < rows * columns; i++)
        {
            // Most of a band is flat; blocks without a single candidate are passed over.
            while (i + Vector<short>.Count <= rows * columns && Vector.LessThanOrEqualAll(new Vector<short>(strength, i), limit))
                i += Vector<short>.Count;
            if (i >= rows * columns)
                break;
            var here = strength[i];
            if (here > low && IsCrest(i, here))
                marks[i] = here > high ? Strong : Weak;
        }
    }

    /// <summary>Greater than the neighbour in the direction of the gradient and not smaller than the one behind, so that of two equal
    /// rows at a step exactly the inner one stays.</summary>
    private bool IsCrest(int i, short here)
    {
        var (r, c) = Math.DivRem(i, columns);
        float gx = along[i], gy = inward[i], ax = Math.Abs(gx), ay = Math.Abs(gy);
        var dc = ax > ay * Sector ? Math.Sign(gx) : 0;
        var dr = ay > ax * Sector ? Math.Sign(gy) : 0;
        return here > At(r + dr, c + dc) && here >= At(r - dr, c - dc);
    }

    private short At(int r, int c) => (uint)r < (uint)rows && (uint)c < (uint)columns ? strength[r * columns + c] : (short)0;

    private void Link()
    {
        var pending = new Stack<int>();
        for (var i = 0; i < rows * columns; i++)
        {
            if (marks[i] != Strong)
                continue;
            marks[i] = Edge;
            pending.Push(i);
            while (pending.TryPop(out var at))
                Spread(at, pending);
        }
    }

    private void Spread(int at, Stack<int> pending)
    {
        var (r, c) = Math.DivRem(at, columns);
        if (inward[at] > 0 && Math.Abs(along[at]) <= inward[at] * Sector)
            inwardEdges.Add((r, c));
        for (var y = Math.Max(r - 1, 0); y <= Math.Min(r + 1, rows - 1); y++)
        {
            for (var x = Math.Max(c - 1, 0); x <= Math.Min(c + 1, columns - 1); x++)
            {
                var i = y * columns + x;
                if (marks[i] is not (Weak or Strong))
                    continue;
                marks[i] = Edge;
                pending.Push(i);
            }
        }
    }
}
