using System.Buffers;

namespace MedGenCluster.Curation.Borders;

/// <summary>Canny's edge detector (Canny 1986) over a narrow band along one side of a frame: 5x5 Gaussian, Sobel, non-maximum
/// suppression, hysteresis. The band is turned so that its rows run along the side, the outermost first.</summary>
internal sealed class CannyBand(int rows, int columns) : IDisposable
{
    // A step of s levels gives 2.5 s after the Gaussian (weights 1 4 6 4 1) and 4 s without it; both passes scale by 256.
    private const double Scale = 256 * 2.5 / 4;

    private const byte Weak = 1, Strong = 2, Edge = 3;

    private readonly byte[] luma = ArrayPool<byte>.Shared.Rent(rows * columns);
    private readonly int[] smooth = ArrayPool<int>.Shared.Rent(rows * columns);
    private readonly int[] along = ArrayPool<int>.Shared.Rent(rows * columns);
    private readonly int[] inward = ArrayPool<int>.Shared.Rent(rows * columns);
    private readonly float[] strength = ArrayPool<float>.Shared.Rent(rows * columns);
    private readonly byte[] marks = ArrayPool<byte>.Shared.Rent(rows * columns);

    public int Rows => rows;

    public int Columns => columns;

    /// <summary>Luma of the band, [Rows, Columns]; the caller fills it.</summary>
    public Span<byte> Luma => luma.AsSpan(0, rows * columns);

    /// <summary>True for an edge pixel whose picture becomes brighter away from the side and whose edge runs along it.</summary>
    public bool IsInwardEdge(int row, int column)
    {
        var i = row * columns + column;
        // The tangent of 22.5 degrees: the direction sector around the normal of the side.
        return marks[i] == Edge && inward[i] > 0 && Math.Abs(along[i]) <= inward[i] * 0.4142f;
    }

    public void Detect(double low, double high)
    {
        Smooth();
        Gradients();
        Suppress((float)(low * Scale), (float)(high * Scale));
        Link();
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(luma);
        ArrayPool<int>.Shared.Return(smooth);
        ArrayPool<int>.Shared.Return(along);
        ArrayPool<int>.Shared.Return(inward);
        ArrayPool<float>.Shared.Return(strength);
        ArrayPool<byte>.Shared.Return(marks);
    }

    private void Smooth()
    {
        // The horizontal pass goes through the buffer of the gradients, which are not needed yet.
        for (var r = 0; r < rows; r++)
        {
            var from = luma.AsSpan(r * columns, columns);
            var to = along.AsSpan(r * columns, columns);
            for (var c = 0; c < columns; c++)
            {
                to[c] = c >= 2 && c < columns - 2
                    ? from[c - 2] + from[c + 2] + 4 * (from[c - 1] + from[c + 1]) + 6 * from[c]
                    : from[Math.Max(c - 2, 0)] + from[Math.Min(c + 2, columns - 1)] + 4 * (from[Math.Max(c - 1, 0)] + from[Math.Min(c + 1, columns - 1)]) + 6 * from[c];
            }
        }

        for (var r = 0; r < rows; r++)
        {
            var (a, b, c, d, e) = (Math.Max(r - 2, 0) * columns, Math.Max(r - 1, 0) * columns, r * columns, Math.Min(r + 1, rows - 1) * columns, Math.Min(r + 2, rows - 1) * columns);
            var to = smooth.AsSpan(r * columns, columns);
            for (var x = 0; x < to.Length; x++)
                to[x] = along[a + x] + along[e + x] + 4 * (along[b + x] + along[d + x]) + 6 * along[c + x];
        }
    }

    private void Gradients()
    {
        for (var r = 0; r < rows; r++)
        {
            var above = smooth.AsSpan(Math.Max(r - 1, 0) * columns, columns);
            var here = smooth.AsSpan(r * columns, columns);
            var below = smooth.AsSpan(Math.Min(r + 1, rows - 1) * columns, columns);
            for (var c = 0; c < columns; c++)
            {
                int left = Math.Max(c - 1, 0), right = Math.Min(c + 1, columns - 1), i = r * columns + c;
                var gx = above[right] + 2 * here[right] + below[right] - above[left] - 2 * here[left] - below[left];
                var gy = below[left] + 2 * below[c] + below[right] - above[left] - 2 * above[c] - above[right];
                along[i] = gx;
                inward[i] = gy;
                strength[i] = MathF.Sqrt((float)gx * gx + (float)gy * gy);
            }
        }
    }

    private void Suppress(float low, float high)
    {
        for (var r = 0; r < rows; r++)
        {
            for (var c = 0; c < columns; c++)
            {
                var i = r * columns + c;
                var here = strength[i];
                marks[i] = here > low && IsCrest(r, c, here) ? here > high ? Strong : Weak : (byte)0;
            }
        }
    }

    /// <summary>Greater than the neighbour in the direction of the gradient and not smaller than the one behind, so that of two equal
    /// rows at a step exactly the inner one stays.</summary>
    private bool IsCrest(int r, int c, float here)
    {
        var i = r * columns + c;
        float gx = along[i], gy = inward[i], ax = Math.Abs(gx), ay = Math.Abs(gy);
        var dc = ax > ay * 0.4142f ? Math.Sign(gx) : 0;
        var dr = ay > ax * 0.4142f ? Math.Sign(gy) : 0;
        return here > At(r + dr, c + dc) && here >= At(r - dr, c - dc);
    }

    private float At(int r, int c) => (uint)r < (uint)rows && (uint)c < (uint)columns ? strength[r * columns + c] : 0;

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
