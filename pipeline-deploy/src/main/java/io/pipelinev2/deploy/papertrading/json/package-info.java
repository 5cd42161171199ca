/** JSON objects in files and lines, read with the types that they must have and replaced as a whole. */
@NullMarked
package io.pipelinev2.deploy.papertrading.json;

import org.jspecify.annotations.NullMarked;
