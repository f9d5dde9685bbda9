-- expect-match: package is not available
package.loadlib('libc.so.6', '*')
